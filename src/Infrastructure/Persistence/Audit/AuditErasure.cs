using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiGateway.Application.Administration;
using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence.Engines;
using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Persistence.Audit;

/// <summary>
/// Erases personal texts in rows of the audit log. The rows keep their hashes, so the chain stays whole. The row of the
/// erasure names each of them with the hash of its present members, which <see cref="AuditChain"/> accepts.
/// </summary>
internal static class AuditErasure
{
    private const int MostIdsAtOnce = 500;
    private static readonly string[] Personal = ["name", "description", "tags", "allowedNetworks"];
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Erases the texts in the rows of a user and of its keys.</summary>
    /// <param name="context">In a transaction that holds <see cref="DatabaseLock.Administrators"/>.</param>
    /// <param name="userId">The user.</param>
    /// <param name="keyIds">Its keys.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The rows that were changed.</returns>
    public static async Task<IReadOnlyList<ErasedRow>> EraseTextsAsync(
        this GatewayContext context, Guid userId, IEnumerable<Guid> keyIds, CancellationToken cancellationToken)
    {
        var user = userId.ToString();
        var rows = await context.AdminActions.Where(row => row.TargetKind == AdminTargets.User && row.TargetId == user).ToListAsync(cancellationToken);
        foreach (var keys in keyIds.Select(id => id.ToString()).Chunk(MostIdsAtOnce))
        {
            rows.AddRange(await context.AdminActions.Where(row => row.TargetKind == AdminTargets.Key && keys.Contains(row.TargetId))
                .ToListAsync(cancellationToken));
        }

        return [.. rows.OrderBy(row => row.Sequence).Where(row => TryErase(context, row)).Select(row => new ErasedRow(row.Sequence, HashOf(row)))];
    }

    /// <summary>The rows that an erasure names; none when the row is of another action.</summary>
    public static IReadOnlyList<ErasedRow> ReadErased(AdminAction row) =>
        row is { Action: AdminActions.EraseUser, After: { } after } ? JsonSerializer.Deserialize<ErasedUserState>(after, JsonSerializerOptions.Web)?.Rows ?? [] : [];

    /// <summary>The hash of the present members of a row, in hexadecimal digits.</summary>
    public static string HashOf(AdminAction row) => Convert.ToHexStringLower(row.ComputeHash());

    private static bool TryErase(GatewayContext context, AdminAction row)
    {
        var (before, after) = (Erased(row.Before), Erased(row.After));
        if (before == row.Before && after == row.After) return false;
        context.Entry(row).Property(each => each.Before).CurrentValue = before;
        context.Entry(row).Property(each => each.After).CurrentValue = after;
        return true;
    }

    private static string? Erased(string? state)
    {
        if (state is null || JsonNode.Parse(state) is not JsonObject members) return state;
        var isChanged = false;
        foreach (var name in Personal)
        {
            if (members[name] is not { } text || text.ToString() == User.ErasedName) continue;
            members[name] = User.ErasedName;
            isChanged = true;
        }

        return isChanged ? members.ToJsonString(Json) : state;
    }
}

/// <summary>A row of the audit log without personal texts.</summary>
/// <param name="Sequence">Its number.</param>
/// <param name="Hash">The hash of its present members, in hexadecimal digits; the row itself keeps its first hash.</param>
internal sealed record ErasedRow(long Sequence, string Hash);

/// <summary>What was erased of a user.</summary>
/// <param name="Erased">Whether the user was erased.</param>
/// <param name="Keys">Keys that were revoked or had texts.</param>
/// <param name="StoredObjects">Stored objects that were forgotten.</param>
/// <param name="Preferences">Preferences that were removed, 0 or 1.</param>
/// <param name="Rows">Rows of the audit log whose texts were erased.</param>
internal sealed record ErasedUserState(bool Erased, int Keys, int StoredObjects, int Preferences, IReadOnlyList<ErasedRow> Rows) : IAuditedState;
