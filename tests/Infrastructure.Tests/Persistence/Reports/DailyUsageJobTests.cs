using System.Data;
using System.Data.Common;
using AiGateway.Infrastructure.Persistence;
using AiGateway.Infrastructure.Persistence.Engines;
using AiGateway.Infrastructure.Persistence.Reports;
using AiGateway.Infrastructure.Tests.Archive;
using AiGateway.Infrastructure.Tests.Ledger;
using AiGateway.Infrastructure.Tests.Providers;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AiGateway.Infrastructure.Tests.Persistence.Reports;

/// <summary>What can go wrong while the job sums up days.</summary>
internal sealed class DailyUsageJobTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly DateTimeOffset Morning = TestLedger.Noon.AddDays(-10).AddHours(-3);

    [Test]
    public async Task Run_WhenARequestIsWrittenBetweenTheGroupingsOfItsDay_SavesNoSumOfTheDay()
    {
        // The reads are not from one snapshot, as on SQL Server, where a report may read several states.
        await using var ledger = await TestLedger.OpenAsync(DatabaseKind.Postgres);
        var user = await ledger.AddUserAsync();
        await ArchiveTests.SettledAsync(ledger, user, Morning, 1);
        var contexts = new StatelessContexts(
            ledger.Database.Settings.ConnectionString, new AfterRecordsAreRead(() => ArchiveTests.SettledAsync(ledger, user, Morning, 5)));

        Assert.That(await NewJob(contexts).RunOnceAsync(default), Is.Zero);

        var reports = new UsageReports(ledger.Database.Contexts);
        foreach (var grouping in DailyUsageReports.Groupings)
            Assert.That((await reports.SumAsync([grouping], new(), default)).Sum(sum => sum.CostNanoUsd), Is.EqualTo(6), $"{grouping}");
        Assert.That(await NewJob(ledger.Database.Contexts).RunOnceAsync(default), Is.EqualTo(1), "the next run sums up the day");
    }

    [Test]
    public async Task Run_WhenOneDayFails_SumsUpTheOthers()
    {
        await using var ledger = await TestLedger.OpenAsync();
        var user = await ledger.AddUserAsync();
        for (var days = 0; days < 3; days++) await ArchiveTests.SettledAsync(ledger, user, Morning.AddDays(days), 1);

        // The first two contexts look for the days. The third one sums up a day.
        var contexts = new FailingContexts(ledger.Database.Contexts, number => number == 3);

        Assert.That(await NewJob(contexts).RunOnceAsync(default), Is.EqualTo(2));
        Assert.That(await NewJob(ledger.Database.Contexts).RunOnceAsync(default), Is.EqualTo(1));
    }

    [Test]
    public async Task Run_WhenItFailsUnexpectedly_LogsItAndDoesNotStopTheHost()
    {
        var log = new CapturedLog<DailyUsageJob>();
        var failed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var clock = new FakeTimeProvider(TestLedger.Noon);
        using var job = new DailyUsageJob(new FailingContexts(null!, _ => failed.TrySetResult() || true), clock, log);

        await job.StartAsync(default);
        while (!failed.Task.IsCompleted || log.Lines.Count == 0)
        {
            clock.Advance(Minute);
            await Task.Yield();
        }

        await job.StopAsync(default);

        Assert.That(job.ExecuteTask!.IsFaulted, Is.False);
        Assert.That(log.Lines, Has.Some.Contains("could not be summed").And.Some.Contains(nameof(OverflowException)));
    }

    private static DailyUsageJob NewJob(IDbContextFactory<GatewayContext> contexts) =>
        new(contexts, new TestClock(TestLedger.Noon), NullLogger<DailyUsageJob>.Instance);

    /// <param name="real">Creates the contexts.</param>
    /// <param name="fails">Whether the context with this number fails; numbers begin at 1.</param>
    private sealed class FailingContexts(IDbContextFactory<GatewayContext> real, Func<int, bool> fails) : IDbContextFactory<GatewayContext>
    {
        private int _count;

        public GatewayContext CreateDbContext() => fails(++_count) ? throw new OverflowException("A sum is too large.") : real.CreateDbContext();
    }

    private sealed class StatelessContexts(string connectionString, IInterceptor interceptor) : IDbContextFactory<GatewayContext>
    {
        public GatewayContext CreateDbContext() => new StatelessContext(
            new DbContextOptionsBuilder<StatelessContext>().UseNpgsql(connectionString).AddInterceptors(interceptor).Options);
    }

    private sealed class StatelessContext(DbContextOptions<StatelessContext> options) : GatewayContext(options)
    {
        public override Task<IDbContextTransaction> BeginSnapshotAsync(CancellationToken cancellationToken) =>
            Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);

        public override Task<IDbContextTransaction> BeginAloneAsync(DatabaseLock name, CancellationToken cancellationToken) =>
            BeginSnapshotAsync(cancellationToken);

        public override Task LockAsync(DatabaseLock name, CancellationToken cancellationToken) => Task.CompletedTask;
    }

    /// <summary>Runs an action once, after usage records were read for the first time.</summary>
    private sealed class AfterRecordsAreRead(Func<Task> act) : DbCommandInterceptor
    {
        private bool _isDone;

        public override async ValueTask<DbDataReader> ReaderExecutedAsync(
            DbCommand command, CommandExecutedEventData eventData, DbDataReader result, CancellationToken cancellationToken = default)
        {
            if (_isDone || !command.CommandText.Contains("usage_records", StringComparison.Ordinal)) return result;
            _isDone = true;
            await act();
            return result;
        }
    }
}
