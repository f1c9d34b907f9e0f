using System.Data;
using System.Data.Common;
using AiGateway.Domain;
using AiGateway.Infrastructure.Ledger.Budgets;

namespace AiGateway.Infrastructure.Ledger.Alerts;

/// <summary>The statement that stores an alert of a budget, in SQL that all engines understand.</summary>
internal static class AlertInsert
{
    // One name is quoted, because it is a word of Transact-SQL.
    private const string Sql = """
        INSERT INTO alerts (
          id, kind, at, once_key, scope_kind, scope_id, counter_id, window_code, window_start, metric, is_soft, "percent", amount, used,
          held, resets_at, model, end_user)
        SELECT
          @id, @kind, @at, @once, @scopeKind, @scope, @counter, @window, @start, @metric, @soft, @percent, @amount, @used, @held,
          @resets, @model, @endUser
        WHERE NOT EXISTS (
          SELECT 1 FROM alerts
          WHERE counter_id = @counter AND window_start = @start AND window_code = @window AND metric = @metric AND "percent" = @percent
            AND used + held >= @threshold)
        """;

    /// <summary>
    /// Stores the alert, unless one of the same window and percentage has already told of so much use. After an increase of
    /// the amount, a threshold above the use that was told counts again; one below it does not.
    /// </summary>
    /// <returns>Whether it was stored now.</returns>
    public static bool Run(DbConnection connection, AlertMark mark, CountedScope scope, BudgetUse use, long threshold, DateTimeOffset now)
    {
        using var command = connection.CreateCommand();
        command.CommandText = Sql;
        command.Add("@id", Guid.CreateVersion7(now));
        command.Add("@kind", (int)AlertKind.Budget);
        command.Add("@at", now.ToUnixTimeMilliseconds());
        command.Add("@once", mark.OnceKey);
        command.Add("@scopeKind", (int)scope.Kind);
        command.Add("@scope", scope.ScopeId);
        command.Add("@counter", mark.Counter.Id);
        command.Add("@window", mark.Counter.Window);
        command.Add("@start", mark.Counter.Start);
        command.Add("@metric", (int)mark.Metric);
        command.Add("@soft", use.Budget.IsSoft);
        command.Add("@percent", mark.Percent);
        command.Add("@amount", mark.Amount);
        command.Add("@used", use.Settled);
        command.Add("@held", use.Held);
        command.AddNumber("@resets", use.ResetsAt?.ToUnixTimeMilliseconds());
        command.Add("@model", scope.Model);
        command.Add("@endUser", scope.EndUser);
        command.Add("@threshold", threshold);
        return command.ExecuteNonQuery() > 0;
    }

    // An engine must know the type of a value that is null.
    private static void AddNumber(this DbCommand command, string name, long? value)
    {
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.DbType, parameter.Value) = (name, DbType.Int64, value ?? (object)DBNull.Value);
        command.Parameters.Add(parameter);
    }
}
