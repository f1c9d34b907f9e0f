namespace AiGateway.Application.Routing;

/// <summary>The operator's rules for attempts.</summary>
/// <param name="Order">
/// Provider names in the order in which they are tried; other providers come after, in order of registration.
/// </param>
/// <param name="FallBack">Whether the next provider that serves a plain model name is tried when one fails.</param>
public sealed record RoutingPolicy(IReadOnlyList<string> Order, bool FallBack = true)
{
    private const int LeastOverAllTargets = 3;
    private const int AtOneOfSeveralTargets = 2;

    /// <summary>Further attempts after a failed one, 0 to 10 (<c>AI_GATEWAY_MAX_RETRIES</c>, default 2).</summary>
    public int MaxRetries { get; init; } = 2;

    /// <summary>Most attempts of one request over all its targets.</summary>
    public int MostAttempts(int targets) => targets == 1 ? 1 + MaxRetries : Math.Max(LeastOverAllTargets, 1 + MaxRetries);

    /// <summary>Most attempts of one request at one target: with other targets, one further attempt.</summary>
    public int MostAtOneTarget(int targets) => targets == 1 ? 1 + MaxRetries : Math.Min(AtOneOfSeveralTargets, 1 + MaxRetries);
}
