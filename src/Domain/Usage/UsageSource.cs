namespace AiGateway.Domain;

/// <summary>The source of the token counts of a usage record. The numbers are stored.</summary>
public enum UsageSource
{
    /// <summary>None yet, or nothing was used.</summary>
    None = 0,

    /// <summary>The provider reported them.</summary>
    Provider = 1,

    /// <summary>The gateway counted the delivered text with the model's tokenizer.</summary>
    Counted = 2,

    /// <summary>Unknown: the held maximum is charged.</summary>
    Held = 3,

    /// <summary>An administrator entered the cost, such as from the provider's invoice.</summary>
    Corrected = 4,
}
