using System.Security.Cryptography;
using System.Text;

namespace AiGateway.Domain;

/// <summary>What one counter counts: the requests of a scope, perhaps only of some models, perhaps only of one end user.</summary>
/// <param name="Kind">The kind of the scope.</param>
/// <param name="ScopeId">The scope.</param>
/// <param name="Model">The models, as <see cref="Budget.Model"/>; null: all.</param>
/// <param name="EndUser">The end user; empty: requests without one; null: all.</param>
public sealed record CountedScope(ScopeKind Kind, Guid ScopeId, string? Model, string? EndUser)
{
    /// <summary>The id of its counters: the scope's own, or derived from all members, the same on every gateway.</summary>
    public Guid CounterId { get; } = Model is null && EndUser is null ? ScopeId : Derive(ScopeId, Model, EndUser);

    // Version 8 of RFC 9562: bits of a hash of our choice.
    private static Guid Derive(Guid scope, string? model, string? endUser)
    {
        var text = Encoding.UTF8.GetBytes($"{scope:N}\n{Mark(model)}\n{Mark(endUser)}");
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text, hash);
        hash[6] = (byte)((hash[6] & 0x0f) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3f) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }

    private static string Mark(string? text) => text is null ? "-" : $"={text.Length}:{text}";
}
