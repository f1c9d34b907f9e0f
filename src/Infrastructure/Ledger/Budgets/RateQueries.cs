using System.Data.Common;
using AiGateway.Domain;

namespace AiGateway.Infrastructure.Ledger.Budgets;

/// <summary>Rare reads of rates, in SQL that all engines understand.</summary>
internal static class RateQueries
{
    /// <summary>The rates of these scopes. Their use is not read: it is known only while their rows are locked.</summary>
    public static List<Rate> Read(DbConnection connection, IReadOnlyCollection<Guid> scopes)
    {
        var rates = new List<Rate>();
        foreach (var part in scopes.Chunk(BudgetQueries.MostAtOnce))
        {
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT scope_id, metric, scope_kind, amount, since FROM rates "
                + $"WHERE scope_id IN ({BudgetQueries.Names(command, part)}) ORDER BY scope_id, metric";
            using var rows = command.ExecuteReader();
            while (rows.Read()) rates.Add(ToRate(rows));
        }

        return rates;
    }

    private static Rate ToRate(DbDataReader row) => new()
    {
        ScopeId = row.GetGuid(0),
        Metric = (BudgetMetric)row.GetInt32(1),
        ScopeKind = (ScopeKind)row.GetInt32(2),
        Amount = row.GetInt64(3),
        Since = BudgetQueries.InstantOf(row, 4)!.Value,
    };
}
