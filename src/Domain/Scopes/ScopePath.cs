namespace AiGateway.Domain;

/// <summary>
/// The organisation, team and project of a caller, from the widest to the most specific. A key has its own project or team;
/// else the team of its user counts.
/// </summary>
/// <param name="Steps">The scopes; empty: the caller belongs to no team.</param>
public sealed record ScopePath(IReadOnlyList<ScopeStep> Steps)
{
    /// <summary>No team, and no organisation.</summary>
    public static readonly ScopePath Empty = new([]);
}

/// <summary>One scope of a path.</summary>
/// <param name="Kind">Organisation, team or project.</param>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its display name.</param>
/// <param name="TimeZone">IANA name of the time zone in which its days begin.</param>
public sealed record ScopeStep(ScopeKind Kind, Guid Id, string Name, string TimeZone);
