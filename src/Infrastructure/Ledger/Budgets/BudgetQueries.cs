using System.Data;
using System.Data.Common;
using System.Globalization;
using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence.Mapping;

namespace AiGateway.Infrastructure.Ledger.Budgets;

/// <summary>Rare reads of budgets and charge sets, in SQL that all engines understand.</summary>
internal static class BudgetQueries
{
    /// <summary>Below the least number of parameters that an engine allows.</summary>
    public const int MostAtOnce = 500;

    /// <summary>The budgets of these scopes.</summary>
    public static List<Budget> ReadBudgets(DbConnection connection, DbTransaction? transaction, IReadOnlyCollection<Guid> scopes)
    {
        const string Columns = "id, scope_kind, scope_id, metric, window_kind, window_days, window_from, amount, is_soft, model, "
            + "per_end_user, valid_from, valid_to, roll_over_cap, alert_percents, counted_since";
        var budgets = new List<Budget>();
        foreach (var part in scopes.Chunk(MostAtOnce))
        {
            using var command = connection.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = $"SELECT {Columns} FROM budgets WHERE scope_id IN ({Names(command, part)}) ORDER BY scope_kind, id";
            using var rows = command.ExecuteReader();
            while (rows.Read()) budgets.Add(ToBudget(rows));
        }

        return budgets;
    }

    /// <summary>These charge sets by their ids. A set without members is empty.</summary>
    public static Dictionary<Guid, ChargeSet> ReadSets(DbConnection connection, DbTransaction? transaction, IReadOnlyCollection<Guid> ids)
    {
        var scopes = new List<(Guid Set, ChargedScope Scope)>();
        var models = new List<(Guid Set, string Name)>();
        foreach (var part in ids.Chunk(MostAtOnce))
        {
            using var command = connection.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = $"SELECT set_id, kind, scope_id, name FROM charge_set_members WHERE set_id IN ({Names(command, part)})";
            using var rows = command.ExecuteReader();
            while (rows.Read())
            {
                var (set, kind, name) = (rows.GetGuid(0), rows.GetInt32(1), rows.GetString(3));
                if (kind == ChargeSetMember.ModelKind) models.Add((set, name));
                else scopes.Add((set, new ChargedScope((ScopeKind)kind, rows.GetGuid(2), name)));
            }
        }

        var (scopesOf, modelsOf) = (scopes.ToLookup(each => each.Set, each => each.Scope), models.ToLookup(each => each.Set, each => each.Name));
        return ids.ToDictionary(id => id, id => ChargeSet.Of([.. scopesOf[id]], [.. modelsOf[id]]));
    }

    /// <summary>Stores a set, unless it is stored already.</summary>
    public static void SaveSet(DbConnection connection, ChargeSet set)
    {
        foreach (var scope in set.Scopes) Save((int)scope.Kind, scope.Id, scope.TimeZone);
        foreach (var model in set.Models) Save(ChargeSetMember.ModelKind, Guid.Empty, model);

        void Save(int kind, Guid scope, string name)
        {
            using var command = connection.CreateCommand();
            command.CommandText = """
                INSERT INTO charge_set_members (set_id, kind, scope_id, name)
                SELECT @set, @kind, @scope, @name
                WHERE NOT EXISTS (
                  SELECT 1 FROM charge_set_members WHERE set_id = @set AND kind = @kind AND scope_id = @scope AND name = @name)
                """;
            command.Add("@set", set.Id);
            command.Add("@kind", kind);
            command.Add("@scope", scope);
            command.Add("@name", name);
            command.ExecuteNonQuery();
        }
    }

    /// <summary>Adds a parameter.</summary>
    public static void Add(this DbCommand command, string name, object? value)
    {
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = (name, value ?? DBNull.Value);
        if (value is null) parameter.DbType = DbType.String;
        command.Parameters.Add(parameter);
    }

    /// <summary>Adds a parameter for each id, and names them for a list.</summary>
    public static string Names(DbCommand command, Guid[] ids)
    {
        for (var i = 0; i < ids.Length; i++) command.Add(Name(i), ids[i]);
        return string.Join(", ", Enumerable.Range(0, ids.Length).Select(Name));

        static string Name(int index) => string.Create(CultureInfo.InvariantCulture, $"@p{index}");
    }

    private static Budget ToBudget(DbDataReader row) => new()
    {
        Id = row.GetGuid(0),
        ScopeKind = (ScopeKind)row.GetInt32(1),
        ScopeId = row.GetGuid(2),
        Metric = (BudgetMetric)row.GetInt32(3),
        WindowKind = (PeriodKind)row.GetInt32(4),
        WindowDays = row.GetInt32(5),
        WindowFrom = row.IsDBNull(6) ? null : DayConverter.FromNumber(row.GetInt32(6)),
        Amount = row.GetInt64(7),
        IsSoft = row.GetBoolean(8),
        Model = row.IsDBNull(9) ? null : row.GetString(9),
        PerEndUser = row.GetBoolean(10),
        ValidFrom = InstantOf(row, 11),
        ValidTo = InstantOf(row, 12),
        RollOverCap = row.IsDBNull(13) ? null : row.GetInt64(13),
        AlertPercents = row.IsDBNull(14) ? null : row.GetString(14),
        CountedSince = InstantOf(row, 15)!.Value,
    };

    /// <summary>A stored instant.</summary>
    public static DateTimeOffset? InstantOf(DbDataReader row, int column) =>
        row.IsDBNull(column) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));
}
