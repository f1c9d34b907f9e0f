using AiGateway.Domain;

namespace AiGateway.Infrastructure.Persistence.Teams;

/// <summary>A key with the scopes above it.</summary>
internal sealed record KeyPath
{
    public required ApiKey Key { get; init; }

    /// <summary>The key's project, else its team, else the team of its user; null: none.</summary>
    public Scope? Scope { get; init; }

    public Scope? Parent { get; init; }

    public Scope? Grandparent { get; init; }
}

internal static class KeyPaths
{
    /// <summary>Every key with the scopes above it, in one query.</summary>
    public static IQueryable<KeyPath> WithPaths(this IQueryable<ApiKey> keys, GatewayContext context) =>
        from key in keys
        join each in context.Scopes on key.ProjectId ?? key.TeamId ?? key.User!.TeamId equals (Guid?)each.Id into above
        from scope in above.DefaultIfEmpty()
        select new KeyPath { Key = key, Scope = scope, Parent = scope!.Parent, Grandparent = scope.Parent!.Parent };

    /// <summary>Those whose requests no disabled scope refuses.</summary>
    public static IQueryable<KeyPath> WhereEnabled(this IQueryable<KeyPath> paths) => paths.Where(path =>
        (path.Scope == null || !path.Scope.Disabled)
        && (path.Parent == null || !path.Parent.Disabled)
        && (path.Grandparent == null || !path.Grandparent.Disabled));
}
