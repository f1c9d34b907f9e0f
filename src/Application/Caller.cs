using System.Net;
using AiGateway.Domain;

namespace AiGateway.Application;

/// <summary>The authenticated sender of a request.</summary>
/// <param name="UserId">The user who is charged.</param>
/// <param name="UserName">The user's display name.</param>
/// <param name="ApiKeyId">The key in use; null for a JWT.</param>
/// <param name="Scopes">What the caller may do.</param>
/// <param name="PreferredModel">Used when a request names no model; null: the configured default.</param>
/// <param name="PreferredProvider">Used when a request names no provider; null: the router's order.</param>
public sealed record Caller(
    Guid UserId,
    string UserName,
    Guid? ApiKeyId,
    IReadOnlyList<string> Scopes,
    string? PreferredModel = null,
    string? PreferredProvider = null)
{
    /// <summary>The organisation, team and project that the caller's requests count for; none of them is disabled.</summary>
    public ScopePath Path { get; init; } = ScopePath.Empty;

    /// <summary>The team of the path; null: none.</summary>
    public Guid? TeamId => Path.Steps.FirstOrDefault(static step => step.Kind == ScopeKind.Team)?.Id;

    /// <summary>The models that the key and its path allow.</summary>
    public ModelAccess AllowedModels { get; init; } = ModelAccess.All;

    /// <summary>The networks that the key may be used from; null: all.</summary>
    public IReadOnlyList<IPNetwork>? AllowedNetworks { get; init; }

    /// <summary>The display name of one of its scopes; null: it has none.</summary>
    public string? NameOf(ScopeKind kind, Guid id) =>
        kind == ScopeKind.User ? UserName : Path.Steps.FirstOrDefault(step => step.Id == id)?.Name;
}
