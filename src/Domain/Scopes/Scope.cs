namespace AiGateway.Domain;

/// <summary>
/// An organisation, a team or a project. Its budgets apply to the requests of everything below it. Users and keys are scopes
/// as well, with rows of their own.
/// </summary>
public sealed class Scope
{
    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary><see cref="ScopeKind.Organisation"/>, <see cref="ScopeKind.Team"/> or <see cref="ScopeKind.Project"/>.</summary>
    public required ScopeKind Kind { get; init; }

    /// <summary>Display name, 1 to 200 characters.</summary>
    public required string Name { get; set; }

    /// <summary>The organisation of a team, the team of a project; null for an organisation.</summary>
    public Guid? ParentId { get; set; }

    /// <summary>IANA time zone in which its days begin, such as <c>Europe/Berlin</c>; null: that of its parent, at the top UTC.</summary>
    public string? TimeZone { get; set; }

    /// <summary>
    /// Models that requests below it may use, space-separated: exact names, or prefixes that end with <c>*</c>; null: all.
    /// </summary>
    public string? AllowedModels { get; set; }

    /// <summary>Requests below a disabled scope are refused.</summary>
    public bool Disabled { get; set; }

    /// <summary>When it was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The scope above it.</summary>
    public Scope? Parent { get; init; }
}

/// <summary>Whose limits apply. The numbers are stored, and order scopes from the widest to the most specific.</summary>
public enum ScopeKind
{
    /// <summary>An organisation.</summary>
    Organisation = 1,

    /// <summary>A team of an organisation.</summary>
    Team = 2,

    /// <summary>A project of a team.</summary>
    Project = 3,

    /// <summary>A user.</summary>
    User = 4,

    /// <summary>An API key.</summary>
    Key = 5,
}
