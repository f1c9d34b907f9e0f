namespace AiGateway.Domain;

/// <summary>One HTTP call of a request to a provider.</summary>
/// <param name="Provider">The provider's name.</param>
/// <param name="Model">The model that was called.</param>
/// <param name="Outcome">The outcome.</param>
/// <param name="CostNanoUsd">The charge, in nano-dollars.</param>
/// <param name="LatencyMs">From its start to its end, in milliseconds.</param>
public sealed record RequestAttempt(string Provider, string Model, AttemptOutcome Outcome, long CostNanoUsd, long LatencyMs);

/// <summary>The outcome of one HTTP call to a provider. It decides the charge.</summary>
public enum AttemptOutcome
{
    /// <summary>The provider answered to the end.</summary>
    Answered = 0,

    /// <summary>Nothing reached the provider: no address, no connection, no trusted certificate. It is free.</summary>
    NotSent = 1,

    /// <summary>The provider answered with an error before the first token. It is free.</summary>
    Refused = 2,

    /// <summary>The call was sent and no complete answer came. The provider may bill it.</summary>
    Unknown = 3,

    /// <summary>The caller left before the answer was complete.</summary>
    ClientLeft = 4,
}

/// <summary>The charge for an attempt with an unknown outcome (<c>AI_GATEWAY_UNKNOWN_OUTCOME</c>).</summary>
public enum UnknownOutcome
{
    /// <summary>
    /// The maximum cost that was held. The default: a budget then stays a hard cap whatever the provider bills.
    /// </summary>
    Held,

    /// <summary>The prompt as held, and what was delivered.</summary>
    Prompt,

    /// <summary>Nothing. The provider may bill calls that no budget counts.</summary>
    Free,
}
