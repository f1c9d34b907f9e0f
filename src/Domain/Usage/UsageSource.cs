namespace AiGateway.Domain;

/// <summary>The evidence for the tokens of a usage record. The numbers are stored.</summary>
public enum UsageSource
{
    /// <summary>None yet, or nothing was used.</summary>
    None = 0,

    /// <summary>The provider reported them.</summary>
    Provider = 1,

    /// <summary>The gateway counted the delivered text with the model's tokenizer.</summary>
    Counted = 2,

    /// <summary>Nobody knows: the held worst case stands.</summary>
    Held = 3,

    /// <summary>An administrator entered the cost, such as from the provider's invoice.</summary>
    Corrected = 4,
}
