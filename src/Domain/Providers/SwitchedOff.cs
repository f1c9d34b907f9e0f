namespace AiGateway.Domain;

/// <summary>A provider, or one model of it, that an administrator switched off. The row exists while it is off.</summary>
public sealed class SwitchedOff
{
    /// <summary>The provider's name.</summary>
    public required string Provider { get; init; }

    /// <summary>The model's name at the gateway; empty: every model of the provider.</summary>
    public string Model { get; init; } = "";

    /// <summary>When it was switched off.</summary>
    public required DateTimeOffset At { get; init; }
}
