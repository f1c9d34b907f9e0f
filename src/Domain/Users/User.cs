namespace AiGateway.Domain;

/// <summary>A person or an app that is charged for requests.</summary>
public sealed class User
{
    /// <summary>
    /// The administrator that the first start creates. The id is fixed: when two processes start at once, the database lets
    /// only one of them succeed.
    /// </summary>
    public static readonly Guid FirstAdministratorId = new("00000000-0000-7000-8000-000000000001");

    /// <summary>The name of a user whose personal data was erased, and of its keys.</summary>
    public const string ErasedName = "erased";

    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>Display name, 1 to 200 characters.</summary>
    public required string Name { get; set; }

    /// <summary>Issuer and subject of this user's JWT (<c>issuer|subject</c>); null for users created by an administrator.</summary>
    public string? ExternalId { get; set; }

    /// <summary>A disabled user is refused.</summary>
    public bool Disabled { get; set; }

    /// <summary>When the user was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The team that its requests count for, unless the key has a project or a team of its own; null: none.</summary>
    public Guid? TeamId { get; set; }

    /// <summary>The limits set for the user; null: the configured defaults.</summary>
    public Quota? Quota { get; init; }

    /// <summary>The model that the user prefers; null: the configured default.</summary>
    public UserModelPreference? Preference { get; init; }

    /// <summary>The user's keys.</summary>
    public ICollection<ApiKey> ApiKeys { get; } = [];
}
