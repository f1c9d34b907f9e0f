namespace AiGateway.Infrastructure.Providers;

/// <summary>Time-outs, retries and rate limits of one provider.</summary>
public sealed record ProviderSettings
{
    /// <summary>
    /// Time limit for one call, retries included, until the whole plain reply or the first chunk of a stream has arrived
    /// (<c>AI_GATEWAY_REQUEST_TIMEOUT</c>, milliseconds, 100 to 3,600,000, default 30 s).
    /// </summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMilliseconds(30_000);

    /// <summary>
    /// The same for a model with the capability reasoning, which may think for minutes (<c>AI_GATEWAY_REASONING_TIMEOUT</c>,
    /// milliseconds, same range, default 600 s).
    /// </summary>
    public TimeSpan ReasoningTimeout { get; init; } = TimeSpan.FromMilliseconds(600_000);

    /// <summary>
    /// Time limit for one attempt, at most the time limit for the call (<c>AI_GATEWAY_ATTEMPT_TIMEOUT</c>, milliseconds,
    /// same range; null, the default: the time limit for the call).
    /// </summary>
    public TimeSpan? AttemptTimeout { get; init; }

    /// <summary>Longest silence between two chunks of a stream (<c>AI_GATEWAY_STREAM_IDLE_TIMEOUT</c>, milliseconds, same range, default 300 s).</summary>
    public TimeSpan StreamIdleTimeout { get; init; } = TimeSpan.FromMilliseconds(300_000);

    /// <summary>Further attempts after a failed one, 0 to 10 (<c>AI_GATEWAY_MAX_RETRIES</c>, default 2).</summary>
    public int MaxRetries { get; init; } = 2;

    /// <summary>The account's limit of requests a minute, from 1; null, the default: unknown.</summary>
    public long? RequestsPerMinute { get; init; }

    /// <summary>The account's limit of input and output tokens a minute, from 1; null, the default: unknown.</summary>
    public long? TokensPerMinute { get; init; }
}
