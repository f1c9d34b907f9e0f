namespace AiGateway.Domain;

/// <summary>The model and provider for requests of the user that do not name one.</summary>
public sealed class UserModelPreference
{
    /// <summary>The user; also the key of the row.</summary>
    public required Guid UserId { get; init; }

    /// <summary>The preferred model; null: the configured default.</summary>
    public string? Model { get; set; }

    /// <summary>The preferred provider; null: the router's order.</summary>
    public string? Provider { get; set; }

    /// <summary>When it was last set.</summary>
    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>The user.</summary>
    public User? User { get; init; }
}
