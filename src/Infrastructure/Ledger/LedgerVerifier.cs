using AiGateway.Application.Ledger;
using AiGateway.Application.Progress;
using AiGateway.Application.Usage;
using AiGateway.Domain;
using AiGateway.Infrastructure.Ledger.Budgets;
using AiGateway.Infrastructure.Persistence;
using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Ledger;

/// <summary>Recomputes every counter from the usage records and the sums of archived records, on one snapshot.</summary>
internal sealed class LedgerVerifier(IDbContextFactory<GatewayContext> contexts, IWorkProgress progress)
{
    // It reads every record, which takes longer than a report may.
    private static readonly TimeSpan LongestStatement = TimeSpan.FromHours(1);

    public Task<LedgerVerification> VerifyAsync(CancellationToken cancellationToken) => contexts.RunAsync(VerifyAsync, cancellationToken);

    private async Task<LedgerVerification> VerifyAsync(GatewayContext context, CancellationToken cancellationToken)
    {
        context.Database.SetCommandTimeout(LongestStatement);
        await using var snapshot = await context.BeginSnapshotAsync(cancellationToken);
        var records = context.UsageRecords.AsNoTracking();
        using var step = progress.Begin("Sum the usage records");
        var rows = await records.LongCountAsync(cancellationToken);
        var held = await records.LongCountAsync(record => record.Status == UsageStatus.Held, cancellationToken);
        var expected = await SumAsync(records, cancellationToken);
        await AddRemovedAsync(context, expected, cancellationToken);
        var counters = await context.QuotaCounters.AsNoTracking().ToDictionaryAsync(
            counter => (counter.UserId, new QuotaPeriod(counter.Kind, counter.Start)),
            counter => new Sums(counter.Requests, counter.SettledNanoUsd, counter.HeldNanoUsd),
            cancellationToken);
        step.Dispose();
        return new LedgerVerification(rows, held, Compare(counters, expected))
        {
            BudgetDifferences = await BudgetVerifier.CompareAsync(context, progress, cancellationToken),
        };
    }

    private static async Task<Dictionary<(Guid UserId, QuotaPeriod Period), Sums>> SumAsync(
        IQueryable<UsageRecord> records, CancellationToken cancellationToken)
    {
        var days = await records.GroupBy(record => new { record.UserId, record.Day, record.Month })
            .Select(group => new
            {
                group.Key.UserId,
                group.Key.Day,
                group.Key.Month,
                Requests = group.Sum(record => record.Status == UsageStatus.Released ? 0L : 1L),
                Settled = group.Sum(record => record.CostNanoUsd),
                Held = group.Sum(record => record.Status == UsageStatus.Held ? record.HeldNanoUsd : 0L),
            })
            .ToListAsync(cancellationToken);
        var sums = new Dictionary<(Guid, QuotaPeriod), Sums>();
        foreach (var day in days)
        {
            var sum = new Sums(day.Requests, day.Settled, day.Held);
            Add(sums, (day.UserId, new QuotaPeriod(PeriodKind.Day, day.Day)), sum);
            Add(sums, (day.UserId, new QuotaPeriod(PeriodKind.Month, day.Month)), sum);
        }

        return sums;
    }

    private static async Task AddRemovedAsync(
        GatewayContext context, Dictionary<(Guid UserId, QuotaPeriod Period), Sums> sums, CancellationToken cancellationToken)
    {
        var removed = context.DailyUsage.AsNoTracking()
            .Where(sum => sum.Archived && sum.Grouping == UsageGrouping.User).AsAsyncEnumerable();
        await foreach (var day in removed.WithCancellation(cancellationToken))
        {
            var (user, sum) = (Guid.Parse(day.Group), new Sums(day.Requests, day.CostNanoUsd, 0));
            Add(sums, (user, new QuotaPeriod(PeriodKind.Day, day.Day)), sum);
            Add(sums, (user, new QuotaPeriod(PeriodKind.Month, new DateOnly(day.Day.Year, day.Day.Month, 1))), sum);
        }
    }

    private static void Add(Dictionary<(Guid, QuotaPeriod), Sums> sums, (Guid, QuotaPeriod) key, Sums more)
    {
        var sum = sums.GetValueOrDefault(key);
        sums[key] = new Sums(
            checked(sum.Requests + more.Requests), checked(sum.Settled + more.Settled), checked(sum.Held + more.Held));
    }

    /// <summary>A counter without records, and records without a counter, count as zero on the missing side.</summary>
    private static List<LedgerDifference> Compare(
        Dictionary<(Guid UserId, QuotaPeriod Period), Sums> counters,
        Dictionary<(Guid UserId, QuotaPeriod Period), Sums> expected)
    {
        var differences = new List<LedgerDifference>();
        var keys = counters.Keys.Union(expected.Keys)
            .OrderBy(key => key.UserId).ThenBy(key => key.Period.Kind).ThenBy(key => key.Period.Start);
        foreach (var (userId, period) in keys)
        {
            var counter = counters.GetValueOrDefault((userId, period));
            var records = expected.GetValueOrDefault((userId, period));
            AddIfDifferent("requests", counter.Requests, records.Requests);
            AddIfDifferent("settled", counter.Settled, records.Settled);
            AddIfDifferent("held", counter.Held, records.Held);

            void AddIfDifferent(string field, long counted, long recorded)
            {
                if (counted != recorded) differences.Add(new LedgerDifference(userId, period, field, counted, recorded));
            }
        }

        return differences;
    }

    private readonly record struct Sums(long Requests, long Settled, long Held);
}
