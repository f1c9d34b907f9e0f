namespace AiGateway.Infrastructure.Providers.Exchange;

/// <summary>How a provider's errors depart from the common table.</summary>
internal sealed record ErrorRules
{
    /// <summary>The common table alone.</summary>
    public static readonly ErrorRules Common = new();

    /// <summary>
    /// Whether the caller is told the provider's words and type also where another attempt may succeed, as at 429 and from
    /// 500 on: clients of the wire act on them. Default: false.
    /// </summary>
    public bool TellsWords { get; init; }

    /// <summary>Whether 409 passes with another attempt; default: false, the request is at fault.</summary>
    public bool ConflictPasses { get; init; }

    /// <summary>
    /// Whether every rate limit names a wait, so that 429 without one means an account without money; default: false.
    /// </summary>
    public bool RateLimitNamesWait { get; init; }
}
