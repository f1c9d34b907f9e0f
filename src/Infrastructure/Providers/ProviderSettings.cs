namespace AiGateway.Infrastructure.Providers;

/// <summary>How hard to try one provider.</summary>
public sealed record ProviderSettings
{
    /// <summary>
    /// For one call, retries included, until the whole plain reply or the first chunk of a stream is there
    /// (<c>AI_GATEWAY_REQUEST_TIMEOUT</c>, milliseconds, 100 to 3,600,000, default 30 s).
    /// </summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMilliseconds(30_000);

    /// <summary>For one attempt of it (<c>AI_GATEWAY_ATTEMPT_TIMEOUT</c>, milliseconds, same range; default: the whole time).</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromMilliseconds(30_000);

    /// <summary>Longest silence between two chunks of a stream (<c>AI_GATEWAY_STREAM_IDLE_TIMEOUT</c>, milliseconds, same range, default 30 s).</summary>
    public TimeSpan StreamIdleTimeout { get; init; } = TimeSpan.FromMilliseconds(30_000);

    /// <summary>Further attempts after a failed one, 0 to 10 (<c>AI_GATEWAY_MAX_RETRIES</c>, default 2).</summary>
    public int MaxRetries { get; init; } = 2;
}
