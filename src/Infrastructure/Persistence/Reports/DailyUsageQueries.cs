using AiGateway.Application.Usage;
using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence.Mapping;
using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Persistence.Reports;

/// <summary>Reads the sums of days.</summary>
internal static class DailyUsageQueries
{
    /// <summary>Determines the days of a period that their sums answer.</summary>
    public static async Task<DailyUsageCoverage> CoverAsync(
        GatewayContext context, DateTimeOffset? from, DateTimeOffset? to, CancellationToken cancellationToken)
    {
        var counters = context.QuotaCounters.AsNoTracking().Where(counter => counter.Kind == PeriodKind.Day);

        // Every grouping has the same total; this one has the fewest rows.
        var sums = context.DailyUsage.AsNoTracking().Where(sum => sum.Grouping == UsageGrouping.Provider);
        if (from is { } start)
        {
            var first = QuotaPeriod.DayOf(start).Start;
            (counters, sums) = (counters.Where(counter => counter.Start >= first), sums.Where(sum => sum.Day >= first));
        }

        if (to is { } end)
        {
            var last = QuotaPeriod.DayOf(end).Start;
            (counters, sums) = (counters.Where(counter => counter.Start <= last), sums.Where(sum => sum.Day <= last));
        }

        var totals = await sums.GroupBy(sum => new { sum.Day, sum.Archived })
            .Select(group => new DayTotal(group.Key.Day, group.Key.Archived, group.Sum(sum => sum.Requests), group.Sum(sum => sum.CostNanoUsd)))
            .ToListAsync(cancellationToken);
        var counts = await counters.GroupBy(counter => counter.Start)
            .Select(group => new DayCount(
                group.Key,
                group.Sum(counter => counter.Requests),
                group.Sum(counter => counter.SettledNanoUsd),
                group.Sum(counter => counter.HeldNanoUsd)))
            .ToListAsync(cancellationToken);
        return DailyUsageCoverage.Of(from, to, counts, totals);
    }

    /// <summary>Sums the answered days, and the archived records of the others.</summary>
    public static async Task<List<UsageSum>> SumDaysAsync(
        GatewayContext context, UsageGrouping grouping, DailyUsageCoverage coverage, CancellationToken cancellationToken)
    {
        var kept = grouping == UsageGrouping.Day ? UsageGrouping.Provider : grouping;
        var sums = context.DailyUsage.AsNoTracking().Where(sum => sum.Grouping == kept);
        if (coverage.Days.First is { } first) sums = sums.Where(sum => sum.Day >= first);
        if (coverage.Days.End is { } end) sums = sums.Where(sum => sum.Day < end);
        if (coverage.Stale.Count > 0) sums = sums.Where(sum => sum.Archived || !coverage.Stale.Contains(sum.Day));
        return grouping == UsageGrouping.Day
            ? await AddUpAsync(sums.GroupBy(sum => sum.Day), DailyUsageReports.GroupOf, cancellationToken)
            : await AddUpAsync(sums.GroupBy(sum => sum.Group), name => name, cancellationToken);
    }

    private static async Task<List<UsageSum>> AddUpAsync<TKey>(
        IQueryable<IGrouping<TKey, DailyUsage>> groups, Func<TKey, string> toGroup, CancellationToken cancellationToken)
    {
        var sums = await groups.Select(group => new
        {
            group.Key,
            Requests = group.Sum(sum => sum.Requests),
            PromptTokens = group.Sum(sum => sum.PromptTokens),
            CompletionTokens = group.Sum(sum => sum.CompletionTokens),
            CostNanoUsd = group.Sum(sum => sum.CostNanoUsd),
            Uncounted = group.Sum(sum => sum.Errors == null ? 1 : 0),
            Errors = group.Sum(sum => sum.Errors ?? 0),
            Answered = group.Sum(sum => sum.Answered ?? 0),
            LatencyMs = group.Sum(sum => sum.LatencyMs ?? 0),
        }).ToListAsync(cancellationToken);
        return sums.ConvertAll(sum => new UsageSum(
            toGroup(sum.Key), sum.Requests, sum.PromptTokens, sum.CompletionTokens, sum.CostNanoUsd, HeldNanoUsd: 0)
        {
            Outcomes = sum.Uncounted > 0 ? null : new(sum.Errors, sum.Answered, sum.LatencyMs),
        });
    }
}
