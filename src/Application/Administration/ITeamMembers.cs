using AiGateway.Domain;

namespace AiGateway.Application.Administration;

/// <summary>Finds the team that something belongs to now.</summary>
public interface ITeamMembers
{
    /// <summary>The team of an organisation, team, project, user or key; null: there is no such thing.</summary>
    Task<TeamMember?> FindAsync(ScopeKind kind, Guid id, CancellationToken cancellationToken);
}

/// <summary>Something that may belong to a team.</summary>
/// <param name="TeamId">Its team: of a key that of its path, of a team itself; null: none.</param>
/// <param name="Rights">The scopes of a key; empty for everything else.</param>
public sealed record TeamMember(Guid? TeamId, IReadOnlyList<string> Rights)
{
    /// <summary>The team of the user of a key; null: none, or it is no key.</summary>
    public Guid? OwnerTeamId { get; init; }
}
