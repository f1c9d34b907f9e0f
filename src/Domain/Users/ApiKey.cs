namespace AiGateway.Domain;

/// <summary>A secret of a user. Only its SHA-256 is stored.</summary>
public sealed class ApiKey
{
    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>The owner of the key.</summary>
    public required Guid UserId { get; init; }

    /// <summary>The purpose of the key, 1 to 200 characters.</summary>
    public required string Name { get; init; }

    /// <summary>First characters of the secret, to recognise it by.</summary>
    public required string Prefix { get; init; }

    /// <summary>SHA-256 of the secret, 32 bytes.</summary>
    public required byte[] Hash { get; init; }

    /// <summary>Space-separated scopes, from <see cref="Scopes"/>.</summary>
    public required string Scopes { get; init; }

    /// <summary>When the key was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Time from which the key is refused; null: never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When the key was revoked; null: it was not.</summary>
    public DateTimeOffset? RevokedAt { get; set; }

    /// <summary>The owner of the key.</summary>
    public User? User { get; init; }
}

/// <summary>What a caller may do.</summary>
public static class Scopes
{
    /// <summary>Generate, and read one's own usage.</summary>
    public const string Generate = "ai:generate";

    /// <summary>Administer users, keys, quotas and usage.</summary>
    public const string Admin = "ai:admin";

    /// <summary>All scopes.</summary>
    public static readonly IReadOnlyList<string> All = [Generate, Admin];
}
