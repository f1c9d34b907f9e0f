using System.Data.Common;
using AiGateway.Domain;

namespace AiGateway.Infrastructure.Ledger.Budgets;

/// <summary>
/// Sums the usage records of one counter, the archived ones included. A counter is opened with it, and verified by it. Models
/// are compared here, not in SQL, because engines compare texts in different ways.
/// </summary>
internal static class RecordSums
{
    private const string One = "CAST(1 AS bigint)";

    /// <summary>The figures of a counter according to the records.</summary>
    /// <param name="connection">Open.</param>
    /// <param name="transaction">The transaction; null: none, or one begun by a statement.</param>
    /// <param name="scope">What the counter counts.</param>
    /// <param name="window">Its window, as <see cref="BudgetWindow.Code"/>.</param>
    /// <param name="start">The first day of the window.</param>
    public static BudgetFigures Sum(DbConnection connection, DbTransaction? transaction, CountedScope scope, int window, DateOnly start)
    {
        var sum = default(BudgetFigures);
        foreach (var zone in ZonesOf(connection, transaction, scope))
        {
            using var command = connection.CreateCommand();
            command.Transaction = transaction;
            Fill(command, scope, zone, window, start);
            sum = Add(sum, Read(connection, transaction, command, scope));
        }

        return sum;
    }

    /// <summary>The tokens that a finished record adds to its counters.</summary>
    public static long TokensOf(UsageRecord record) =>
        record.Status == UsageStatus.Expired ? record.HeldTokens ?? 0 : record.PromptTokens + record.CompletionTokens;

    private static List<string> ZonesOf(DbConnection connection, DbTransaction? transaction, CountedScope scope)
    {
        if (scope.Kind is ScopeKind.User or ScopeKind.Key) return [LocalDays.Utc];
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "SELECT DISTINCT name FROM charge_set_members WHERE scope_id = @id";
        command.Add("@id", scope.ScopeId);
        var zones = new List<string>();
        using var rows = command.ExecuteReader();
        while (rows.Read()) zones.Add(rows.GetString(0));
        return zones;
    }

    private static void Fill(DbCommand command, CountedScope scope, string zone, int window, DateOnly start)
    {
        var byModel = scope.Model is null ? "" : "charge_set, requested_model, ";
        var ofEndUser = scope.EndUser switch
        {
            null => "",
            "" => " AND (end_user IS NULL OR end_user = '')",
            _ => " AND end_user = @endUser",
        };

        // One statement sees one state, so a record that is archived meanwhile counts once.
        command.CommandText = $"""
            SELECT {byModel}
              SUM(requests), SUM(in_flight), SUM(settled_tokens), SUM(held_tokens), SUM(settled_nano_usd), SUM(held_nano_usd)
            FROM (
              SELECT {byModel}
                CASE WHEN status = 2 THEN 0 ELSE {One} END AS requests, CASE WHEN status = 0 THEN {One} ELSE 0 END AS in_flight,
                CASE WHEN status IN (0, 2) THEN 0 WHEN status = 3 THEN COALESCE(held_tokens, 0) ELSE prompt_tokens + completion_tokens END AS settled_tokens,
                CASE WHEN status = 0 THEN COALESCE(held_tokens, 0) ELSE 0 END AS held_tokens,
                CASE WHEN status = 0 THEN 0 ELSE cost_nano_usd END AS settled_nano_usd, CASE WHEN status = 0 THEN held_nano_usd ELSE 0 END AS held_nano_usd
              FROM usage_records
              WHERE {OfScope(scope.Kind)} AND created_at >= @from AND created_at < @to{ofEndUser}
              UNION ALL
              SELECT {byModel}requests, 0, settled_tokens, 0, settled_nano_usd, 0
              FROM archived_use
              WHERE {OfScope(scope.Kind)} AND slot >= @from AND slot < @to{ofEndUser}) AS used
            {(scope.Model is null ? "" : "GROUP BY charge_set, requested_model")}
            """;
        command.Add("@id", scope.ScopeId);
        if (scope.Kind is not (ScopeKind.User or ScopeKind.Key)) command.Add("@zone", zone);
        if (scope.EndUser is { Length: > 0 } endUser) command.Add("@endUser", endUser);
        command.Add("@from", start == DateOnly.MinValue ? long.MinValue : LocalDays.BeginningOf(start, zone).ToUnixTimeMilliseconds());
        command.Add("@to", BudgetWindow.LengthOf(window, start) is { } end ? LocalDays.BeginningOf(end, zone).ToUnixTimeMilliseconds() : long.MaxValue);
    }

    private static string OfScope(ScopeKind kind) => kind switch
    {
        ScopeKind.User => "user_id = @id",

        // The user is named because the index needs it.
        ScopeKind.Key => "api_key_id = @id AND user_id = (SELECT user_id FROM api_keys WHERE id = @id)",
        _ => "charge_set IN (SELECT set_id FROM charge_set_members WHERE scope_id = @id AND name = @zone)",
    };

    private static BudgetFigures Read(DbConnection connection, DbTransaction? transaction, DbCommand command, CountedScope scope)
    {
        if (scope.Model is not { } pattern)
        {
            using var row = command.ExecuteReader();
            return row.Read() ? ToFigures(row, 0) : default;
        }

        var groups = new List<(Guid? Set, string Model, BudgetFigures Figures)>();
        using (var rows = command.ExecuteReader())
        {
            while (rows.Read()) groups.Add((rows.IsDBNull(0) ? null : rows.GetGuid(0), rows.GetString(1), ToFigures(rows, 2)));
        }

        HashSet<Guid> ids = [.. groups.Where(static group => group.Set is not null).Select(static group => group.Set!.Value)];
        var sets = BudgetQueries.ReadSets(connection, transaction, ids);
        var sum = default(BudgetFigures);
        foreach (var (id, model, figures) in groups)
        {
            var request = new CountedRequest(default, null, default, model, null, id is { } set ? sets[set] : null);
            if (request.MayUse(pattern)) sum = Add(sum, figures);
        }

        return sum;
    }

    // PostgreSQL sums into decimals.
    private static BudgetFigures ToFigures(DbDataReader row, int first)
    {
        return new(At(0), At(1), At(2), At(3), At(4), At(5));

        long At(int place) => row.IsDBNull(first + place) ? 0 : Convert.ToInt64(row.GetValue(first + place), null);
    }

    private static BudgetFigures Add(BudgetFigures one, BudgetFigures other) => checked(new(
        one.Requests + other.Requests, one.InFlight + other.InFlight, one.SettledTokens + other.SettledTokens,
        one.HeldTokens + other.HeldTokens, one.SettledNanoUsd + other.SettledNanoUsd, one.HeldNanoUsd + other.HeldNanoUsd));
}
