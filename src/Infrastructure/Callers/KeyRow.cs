using System.Data.Common;
using AiGateway.Application;
using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence;

namespace AiGateway.Infrastructure.Callers;

/// <summary>A key that is not revoked, with what its caller needs from other tables.</summary>
/// <param name="Key">The key.</param>
/// <param name="Caller">Its user, who is not disabled, without the path.</param>
/// <param name="Scopes">The scopes above the key.</param>
internal sealed record KeyRow(ApiKey Key, Caller Caller, CallerScopes Scopes)
{
    /// <summary>Finds the key whose hash, or whose hash before the last rotation, is <c>@hash</c>; <c>@no</c> is false.</summary>
    public const string Query = """
        SELECT k.id, k.user_id, k.name, k.prefix, k.hash, k.scopes, k.created_at, k.expires_at, k.previous_hash, k.previous_valid_until,
          k.allowed_models, k.allowed_networks, u.name, p.model, p.provider,
          s.id, s.kind, s.name, s.time_zone, s.allowed_models, s.disabled, s.created_at,
          t.id, t.kind, t.name, t.time_zone, t.allowed_models, t.disabled, t.created_at,
          o.id, o.kind, o.name, o.time_zone, o.allowed_models, o.disabled, o.created_at
        FROM api_keys k
        JOIN users u ON u.id = k.user_id
        LEFT JOIN user_model_preferences p ON p.user_id = k.user_id
        LEFT JOIN scopes s ON s.id = COALESCE(k.project_id, k.team_id, u.team_id)
        LEFT JOIN scopes t ON t.id = s.parent_id
        LEFT JOIN scopes o ON o.id = t.parent_id
        WHERE (k.hash = @hash OR k.previous_hash = @hash) AND k.revoked_at IS NULL AND u.disabled = @no
        """;

    private const int FirstOfScopes = 15;
    private const int ColumnsOfAScope = 7;

    /// <summary>Reads a row of the query.</summary>
    public static KeyRow Of(DbDataReader row)
    {
        var key = new ApiKey
        {
            Id = row.GetGuid(0),
            UserId = row.GetGuid(1),
            Name = row.GetString(2),
            Prefix = row.GetString(3),
            Hash = row.GetFieldValue<byte[]>(4),
            Scopes = row.GetString(5),
            CreatedAt = row.InstantOf(6)!.Value,
            ExpiresAt = row.InstantOf(7),
            PreviousHash = row.IsDBNull(8) ? null : row.GetFieldValue<byte[]>(8),
            PreviousValidUntil = row.InstantOf(9),
            AllowedModels = row.TextOf(10),
            AllowedNetworks = row.TextOf(11),
        };
        var rights = key.Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var caller = new Caller(key.UserId, row.GetString(12), key.Id, rights, row.TextOf(13), row.TextOf(14));
        return new KeyRow(key, caller, new CallerScopes(ScopeOf(row, 0), ScopeOf(row, 1), ScopeOf(row, 2)));
    }

    /// <summary>The holder of the secret with this hash.</summary>
    public KeyHolder ToHolder(byte[] hash)
    {
        var caller = Scopes.Complete(Caller, Key);
        return Key.Hash.AsSpan().SequenceEqual(hash)
            ? new KeyHolder(Key.Hash, Key.ExpiresAt, caller, Scopes.FindRefusal())
            : new KeyHolder(Key.PreviousHash!, Earlier(Key.ExpiresAt, Key.PreviousValidUntil!.Value), caller, Scopes.FindRefusal());
    }

    private static Scope? ScopeOf(DbDataReader row, int height)
    {
        var first = FirstOfScopes + (height * ColumnsOfAScope);
        if (row.IsDBNull(first)) return null;
        return new Scope
        {
            Id = row.GetGuid(first),
            Kind = (ScopeKind)row.GetInt32(first + 1),
            Name = row.GetString(first + 2),
            TimeZone = row.TextOf(first + 3),
            AllowedModels = row.TextOf(first + 4),
            Disabled = row.GetBoolean(first + 5),
            CreatedAt = row.InstantOf(first + 6)!.Value,
        };
    }

    private static DateTimeOffset Earlier(DateTimeOffset? one, DateTimeOffset other) => one < other ? one.Value : other;
}
