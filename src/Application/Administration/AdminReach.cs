using AiGateway.Domain;

namespace AiGateway.Application.Administration;

/// <summary>What an administrator may see and change.</summary>
/// <param name="TeamId">The only team; all zero: nothing; null: everything.</param>
public sealed record AdminReach(Guid? TeamId)
{
    /// <summary>Everything, for <c>ai:admin</c>.</summary>
    public static readonly AdminReach Everything = new(null as Guid?);

    private static readonly AdminReach Nothing = new(Guid.Empty);

    /// <summary>The reach that these rights give.</summary>
    /// <param name="rights">The scopes of a key or token.</param>
    /// <param name="teamId">The team of its path; null: none.</param>
    public static AdminReach Of(IReadOnlyList<string> rights, Guid? teamId)
    {
        if (rights.Contains(Scopes.Admin, StringComparer.Ordinal)) return Everything;
        return teamId is { } team && rights.Contains(Scopes.AdminTeam, StringComparer.Ordinal) ? new AdminReach(team) : Nothing;
    }
}
