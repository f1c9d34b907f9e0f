namespace AiGateway.Infrastructure.Persistence.KeyRing;

/// <summary>A key that seals the sessions of the console. Keys are never changed or removed.</summary>
internal sealed class RingKey
{
    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The key as ASP.NET Core's Data Protection writes it.</summary>
    public required string Xml { get; init; }
}
