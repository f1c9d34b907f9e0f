namespace AiGateway.Domain;

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
