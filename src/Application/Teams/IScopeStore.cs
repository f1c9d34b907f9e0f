using AiGateway.Application.Administration;
using AiGateway.Domain;

namespace AiGateway.Application.Teams;

/// <summary>Organisations, teams and projects.</summary>
public interface IScopeStore
{
    /// <summary>Adds a scope.</summary>
    /// <exception cref="InvalidRequestException">Its parent does not exist; nothing was added.</exception>
    Task AddAsync(Scope scope, Actor by, CancellationToken cancellationToken);

    /// <summary>A scope of this kind, or null.</summary>
    Task<Scope?> FindAsync(ScopeKind kind, Guid id, CancellationToken cancellationToken);

    /// <summary>Scopes, oldest first.</summary>
    Task<IReadOnlyList<Scope>> ListAsync(ScopeFilter filter, CancellationToken cancellationToken);

    /// <summary>Changes a scope. Null when there is no such scope.</summary>
    /// <exception cref="InvalidRequestException">The new parent does not exist; nothing was changed.</exception>
    /// <exception cref="LastAdministratorException">Every administrator key would be refused; nothing was changed.</exception>
    Task<Scope?> UpdateAsync(ScopeKind kind, Guid id, ScopeChanges changes, Actor by, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Deletes a scope and its budgets. Revoked keys leave it. False when there is no such scope.</summary>
    /// <exception cref="AiGatewayException"><see cref="ErrorCode.Conflict"/>: something belongs to it; nothing was deleted.</exception>
    Task<bool> DeleteAsync(ScopeKind kind, Guid id, Actor by, DateTimeOffset at, CancellationToken cancellationToken);
}

/// <summary>Changes of a scope.</summary>
/// <param name="Name">The new name; null keeps it.</param>
/// <param name="Disabled">Whether its callers are refused; null keeps the state.</param>
/// <param name="ParentId">The new parent; null keeps it.</param>
/// <param name="TimeZone">The new time zone; null: that of its parent.</param>
/// <param name="AllowedModels">The new models, as they are stored; null: all.</param>
public sealed record ScopeChanges(
    string? Name, bool? Disabled, Guid? ParentId, Optional<string?> TimeZone, Optional<string?> AllowedModels);

/// <summary>Which organisations, teams or projects to list.</summary>
/// <param name="Reach">What the administrator who asks may see.</param>
/// <param name="Kind">Their kind.</param>
/// <param name="ParentId">Only scopes below this one; null: all.</param>
/// <param name="After">Only scopes after this one: the end of the previous page; null: from the first.</param>
/// <param name="Limit">Most scopes to return.</param>
public sealed record ScopeFilter(AdminReach Reach, ScopeKind Kind, Guid? ParentId, Guid? After, int Limit);
