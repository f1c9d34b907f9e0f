using AiGateway.Application.Usage;
using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence.Mapping;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AiGateway.Infrastructure.Persistence.Reports;

/// <summary>
/// Sums past days, so reports need not read their records. A sum is validated against the counters whenever it is used. The
/// job may therefore be late, fail, or run in several processes at once.
/// </summary>
internal sealed partial class DailyUsageJob(
    IDbContextFactory<GatewayContext> contexts, TimeProvider time, ILogger<DailyUsageJob> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    // The first requests after a start need the processor.
    private static readonly TimeSpan StartDelay = TimeSpan.FromSeconds(5);

    /// <summary>Adds missing sums and replaces outdated ones.</summary>
    /// <returns>The number of days.</returns>
    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        // Yesterday may still have requests in progress.
        var end = new DateTimeOffset(QuotaPeriod.DayOf(time.GetUtcNow()).Start.AddDays(-1), TimeOnly.MinValue, TimeSpan.Zero);
        var count = 0;
        foreach (var day in await UnsummedDays.FindAsync(contexts, end, cancellationToken))
        {
            var start = time.GetTimestamp();
            if (await TryKeepAsync(day, cancellationToken)) count++;

            // The job is not urgent, and the ledger needs the same disk.
            await Task.Delay(time.GetElapsedTime(start), time, cancellationToken);
        }

        return count;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Delay(StartDelay, time, stoppingToken);
        using var timer = new PeriodicTimer(Interval, time);
        do await TryRunAsync(stoppingToken);
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task TryRunAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await RunOnceAsync(cancellationToken) is var days and > 0) Log.Kept(logger, days);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            // No failure may stop the host: reports are slower meanwhile, but correct.
            Log.Failed(logger, failure);
        }
    }

    /// <summary>A failing day does not prevent the sums of the others.</summary>
    private async Task<bool> TryKeepAsync(DateOnly day, CancellationToken cancellationToken)
    {
        try
        {
            return await KeepAsync(day, cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            Log.DayFailed(logger, day, failure);
            return false;
        }
    }

    private async Task<bool> KeepAsync(DateOnly day, CancellationToken cancellationToken)
    {
        var sums = await contexts.RunAsync((context, attempt) => SumAsync(context, day, attempt), cancellationToken);
        return sums is not null && await contexts.RunAsync((context, attempt) => SaveAsync(context, day, sums, attempt), cancellationToken);
    }

    private static async Task<bool> SaveAsync(
        GatewayContext context, DateOnly day, List<DailyUsage> sums, CancellationToken cancellationToken)
    {
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        await DailyUsageReports.ForgetAsync(context, [day], cancellationToken);
        context.DailyUsage.AddRange(sums);
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>
    /// Null when a request of the day is still in progress, or one changed between two groupings, which need not see the
    /// same state. A report trusts all groupings as soon as one equals the counters.
    /// </summary>
    private static async Task<List<DailyUsage>?> SumAsync(GatewayContext context, DateOnly day, CancellationToken cancellationToken)
    {
        var start = new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero);
        var all = new List<DailyUsage>();
        var totals = new HashSet<(long Requests, long PromptTokens, long CompletionTokens, long CostNanoUsd)>();
        await using var state = await context.BeginReportAsync(cancellationToken);
        foreach (var grouping in DailyUsageReports.Groupings)
        {
            var sums = await RecordReports.SumAsync(context, grouping, start, start.AddDays(1), cancellationToken);
            if (sums.Exists(sum => sum.HeldNanoUsd > 0)) return null;
            totals.Add((
                sums.Sum(sum => sum.Requests),
                sums.Sum(sum => sum.PromptTokens),
                sums.Sum(sum => sum.CompletionTokens),
                sums.Sum(sum => sum.CostNanoUsd)));
            if (totals.Count > 1) return null;
            all.AddRange(sums.Select(sum => ToDailyUsage(grouping, day, sum)));
        }

        return all;
    }

    private static DailyUsage ToDailyUsage(UsageGrouping grouping, DateOnly day, UsageSum sum) => new()
    {
        Grouping = grouping,
        Day = day,
        Group = sum.Group,
        Archived = false,
        Requests = sum.Requests,
        PromptTokens = sum.PromptTokens,
        CompletionTokens = sum.CompletionTokens,
        CostNanoUsd = sum.CostNanoUsd,
        Errors = sum.Outcomes?.Errors,
        Answered = sum.Outcomes?.Answered,
        LatencyMs = sum.Outcomes?.LatencyMs,
    };

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Summed the usage of {Days} days")]
        public static partial void Kept(ILogger logger, int days);

        [LoggerMessage(2, LogLevel.Warning, "The usage of past days could not be summed; reports read the usage records instead")]
        public static partial void Failed(ILogger logger, Exception failure);

        [LoggerMessage(3, LogLevel.Warning, "The usage of {Day} could not be summed; reports read the usage records instead")]
        public static partial void DayFailed(ILogger logger, DateOnly day, Exception failure);
    }
}
