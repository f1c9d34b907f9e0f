namespace AiGateway.Domain;

/// <summary>What is known of each kind of scope.</summary>
public static class ScopeKinds
{
    /// <summary>The kind in texts and on the wire, such as <c>organisation</c>.</summary>
    public static string ToName(this ScopeKind kind) => kind switch
    {
        ScopeKind.Organisation => "organisation",
        ScopeKind.Team => "team",
        ScopeKind.Project => "project",
        ScopeKind.User => "user",
        ScopeKind.Key => "key",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    /// <summary>The member of a request that names a scope of this kind, such as <c>teamId</c>.</summary>
    public static string ToField(this ScopeKind kind) => $"{kind.ToName()}Id";

    /// <summary>The kind of the scope above; null: a scope of this kind has none in <see cref="Scope.ParentId"/>.</summary>
    public static ScopeKind? ParentOf(ScopeKind kind) => kind switch
    {
        ScopeKind.Team => ScopeKind.Organisation,
        ScopeKind.Project => ScopeKind.Team,
        _ => null,
    };
}
