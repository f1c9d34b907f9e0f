using AiGateway.Application.Usage;
using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence.Mapping;
using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Persistence.Reports;

/// <summary>
/// The past days whose sums are missing or outdated. It asks in plain SQL: most hours there are none, and a gateway that nobody
/// asks for a report then never loads Entity Framework.
/// </summary>
internal static class UnsummedDays
{
    private const string CountersOfDays = """
        SELECT start, CAST(SUM(requests) AS bigint), CAST(SUM(settled_nano_usd) AS bigint), CAST(SUM(held_nano_usd) AS bigint)
        FROM quota_counters WHERE kind = @kind AND start <= @last GROUP BY start
        """;

    private const string SumsOfDays = """
        SELECT day, archived, CAST(SUM(requests) AS bigint), CAST(SUM(cost_nano_usd) AS bigint)
        FROM usage_day_sums WHERE grouping = @grouping AND day <= @last GROUP BY day, archived
        """;

    /// <summary>
    /// Finds them. The two queries need not see the same state: a day that looks outdated is summed once more, and a sum that
    /// looks complete is validated whenever it is used.
    /// </summary>
    /// <param name="contexts">The database.</param>
    /// <param name="end">The day after the last one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<IReadOnlyList<DateOnly>> FindAsync(
        IDbContextFactory<GatewayContext> contexts, DateTimeOffset end, CancellationToken cancellationToken)
    {
        var last = DayConverter.ToNumber(QuotaPeriod.DayOf(end).Start);
        var totals = await contexts.ReadAsync(
            SumsOfDays,
            [("@grouping", (int)UsageGrouping.Provider), ("@last", last)],
            static row => new DayTotal(DayConverter.FromNumber(row.GetInt32(0)), row.GetBoolean(1), row.GetInt64(2), row.GetInt64(3)),
            cancellationToken);
        var counts = await contexts.ReadAsync(
            CountersOfDays,
            [("@kind", (int)PeriodKind.Day), ("@last", last)],
            static row => new DayCount(DayConverter.FromNumber(row.GetInt32(0)), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3)),
            cancellationToken);
        return DailyUsageCoverage.Of(null, end, counts, totals).Unanswered;
    }
}
