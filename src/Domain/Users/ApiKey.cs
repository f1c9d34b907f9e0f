namespace AiGateway.Domain;

/// <summary>A secret of a user. Only its SHA-256 is stored.</summary>
public sealed class ApiKey
{
    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>The owner of the key.</summary>
    public required Guid UserId { get; init; }

    /// <summary>The purpose of the key, 1 to 200 characters.</summary>
    public required string Name { get; set; }

    /// <summary>First characters of the secret, to recognise it by.</summary>
    public required string Prefix { get; set; }

    /// <summary>SHA-256 of the secret, 32 bytes.</summary>
    public required byte[] Hash { get; set; }

    /// <summary>Space-separated scopes, from <see cref="Scopes"/>.</summary>
    public required string Scopes { get; init; }

    /// <summary>When the key was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Time from which the key is refused; null: never.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    /// <summary>When the key was revoked; null: it was not.</summary>
    public DateTimeOffset? RevokedAt { get; set; }

    /// <summary>SHA-256 of the secret before the last rotation, 32 bytes; null: none.</summary>
    public byte[]? PreviousHash { get; set; }

    /// <summary>Time from which the previous secret is refused; null: there is none.</summary>
    public DateTimeOffset? PreviousValidUntil { get; set; }

    /// <summary>The team that its requests count for; null: that of its project, or of its user.</summary>
    public Guid? TeamId { get; set; }

    /// <summary>The project that its requests count for; null: none.</summary>
    public Guid? ProjectId { get; set; }

    /// <summary>
    /// Models that it may use, space-separated: exact names, or prefixes that end with <c>*</c>; null: all that its path allows.
    /// </summary>
    public string? AllowedModels { get; set; }

    /// <summary>Networks that it may be used from, space-separated, such as <c>10.0.0.0/8</c>; null: all.</summary>
    public string? AllowedNetworks { get; set; }

    /// <summary>A note for administrators, at most 1,000 characters; null: none.</summary>
    public string? Description { get; set; }

    /// <summary>Tags for reports, space-separated; null: none.</summary>
    public string? Tags { get; set; }

    /// <summary>When it was last used, to the minute; null: never, or before this was recorded.</summary>
    public DateTimeOffset? LastUsedAt { get; set; }

    /// <summary>The owner of the key.</summary>
    public User? User { get; init; }
}

/// <summary>What a caller may do.</summary>
public static class Scopes
{
    /// <summary>Generate, and read one's own usage.</summary>
    public const string Generate = "ai:generate";

    /// <summary>Read one's own usage, limits and preference, and the models. <see cref="Generate"/> includes it.</summary>
    public const string Usage = "ai:usage";

    /// <summary>Administer users, keys, quotas and usage.</summary>
    public const string Admin = "ai:admin";

    /// <summary>Administer the team of the caller's path: its projects, users, keys, budgets and usage. <see cref="Admin"/> includes it.</summary>
    public const string AdminTeam = "ai:admin:team";

    /// <summary>All scopes.</summary>
    public static readonly IReadOnlyList<string> All = [Generate, Usage, AdminTeam, Admin];

    /// <summary>Whether these scopes give this one.</summary>
    public static bool Give(IReadOnlyList<string> held, string scope) =>
        held.Contains(scope, StringComparer.Ordinal)
        || (scope == Usage && held.Contains(Generate, StringComparer.Ordinal))
        || (scope == AdminTeam && held.Contains(Admin, StringComparer.Ordinal));
}
