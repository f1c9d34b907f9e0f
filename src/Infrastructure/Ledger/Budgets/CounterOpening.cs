using AiGateway.Infrastructure.Ledger.Operations;
using AiGateway.Infrastructure.Ledger.Sql;
using AiGateway.Infrastructure.Persistence.Mapping;

namespace AiGateway.Infrastructure.Ledger.Budgets;

/// <summary>
/// Opens the counter of a budget that was added in the middle of a window, with the sum of its records. Until the counter
/// exists, no gateway commits a change of such a record: it needs the counter and waits here too. So the sum is exact.
/// </summary>
internal static class CounterOpening
{
    public static void Open(ILedgerConnection ledger, NeededCounter needed)
    {
        var (key, scope) = (needed.Key, needed.Scope!);
        var sum = RecordSums.Sum(ledger.Connection, null, scope, key.Window, DayConverter.FromNumber(key.Start));
        using var command = ledger.Connection.CreateCommand();

        // When two gateways open it at once, one of them fails, and finds it at its next attempt.
        command.CommandText = """
            INSERT INTO budget_counters (
              id, window_code, start, scope_kind, scope_id, model, end_user,
              requests, in_flight, settled_tokens, held_tokens, settled_nano_usd, held_nano_usd)
            SELECT @id, @window, @start, @kind, @scope, @model, @endUser, @requests, @inFlight, @settledTokens, @heldTokens, @settled, @held
            WHERE NOT EXISTS (SELECT 1 FROM budget_counters WHERE id = @id AND window_code = @window AND start = @start)
            """;
        command.Add("@id", key.Id);
        command.Add("@window", key.Window);
        command.Add("@start", key.Start);
        command.Add("@kind", (int)scope.Kind);
        command.Add("@scope", scope.ScopeId);
        command.Add("@model", scope.Model);
        command.Add("@endUser", scope.EndUser);
        command.Add("@requests", sum.Requests);
        command.Add("@inFlight", sum.InFlight);
        command.Add("@settledTokens", sum.SettledTokens);
        command.Add("@heldTokens", sum.HeldTokens);
        command.Add("@settled", sum.SettledNanoUsd);
        command.Add("@held", sum.HeldNanoUsd);
        command.ExecuteNonQuery();
    }
}
