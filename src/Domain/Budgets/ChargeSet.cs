using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;

namespace AiGateway.Domain;

/// <summary>
/// What a request is charged to besides its user and its key: the scopes of its path, and the models that its plan may call.
/// It is fixed at the hold and stored with the record as one id. Moving a key to another team changes no request in progress.
/// </summary>
public sealed class ChargeSet
{
    // A path lives as long as its caller is remembered, which is many requests.
    private static readonly ConditionalWeakTable<ScopePath, ChargeSet> OfPaths = [];

    private ChargeSet(Guid id, IReadOnlyList<ChargedScope> scopes, IReadOnlyList<string> models) => (Id, Scopes, Models) = (id, scopes, models);

    /// <summary>The first 16 bytes of the SHA-256 over its members, so equal sets have equal ids on every gateway.</summary>
    public Guid Id { get; }

    /// <summary>Organisation, team and project.</summary>
    public IReadOnlyList<ChargedScope> Scopes { get; }

    /// <summary>The models besides the requested one.</summary>
    public IReadOnlyList<string> Models { get; }

    /// <summary>The set of a request; null: it has no path, and calls only the model that it named.</summary>
    /// <param name="path">The path of the caller.</param>
    /// <param name="models">The models of the plan besides the requested one, in any order.</param>
    public static ChargeSet? Of(ScopePath path, IReadOnlyCollection<string> models)
    {
        if (models.Count > 0) return Of(ScopesOf(path), models);
        return path.Steps.Count == 0 ? null : OfPaths.GetValue(path, static each => Of(ScopesOf(each), []));
    }

    /// <summary>The set of these members.</summary>
    public static ChargeSet Of(IReadOnlyCollection<ChargedScope> scopes, IReadOnlyCollection<string> models)
    {
        ChargedScope[] sorted = [.. scopes.OrderBy(static scope => scope.Kind)];
        string[] names = [.. models.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var text = new StringBuilder();
        foreach (var scope in sorted) text.Append((int)scope.Kind).Append(' ').Append(scope.Id.ToString("N")).Append(' ').Append(scope.TimeZone).Append('\n');
        foreach (var name in names) text.Append(name.Length).Append(' ').Append(name).Append('\n');
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()));
        return new(new Guid(hash.AsSpan(0, 16), bigEndian: true), sorted, names);
    }

    private static ChargedScope[] ScopesOf(ScopePath path) => [.. path.Steps.Select(static step => new ChargedScope(step.Kind, step.Id, step.TimeZone))];
}

/// <summary>A scope that a request is charged to.</summary>
/// <param name="Kind">Organisation, team or project.</param>
/// <param name="Id">Its id.</param>
/// <param name="TimeZone">The time zone of its days when the request was held.</param>
public sealed record ChargedScope(ScopeKind Kind, Guid Id, string TimeZone);
