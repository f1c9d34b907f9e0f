namespace AiGateway.Domain;

/// <summary>What an attempt is charged whose outcome nobody knows (<c>AI_GATEWAY_UNKNOWN_OUTCOME</c>).</summary>
public enum UnknownOutcome
{
    /// <summary>The maximum cost that was held. The default: a budget then holds whatever the provider bills.</summary>
    Held,

    /// <summary>The prompt as held, and what was delivered.</summary>
    Prompt,

    /// <summary>Nothing. The provider may bill calls that no budget sees.</summary>
    Free,
}
