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

namespace AiGateway.Infrastructure.Tests.Persistence.Reports;

/// <summary>What may go wrong while days are added up.</summary>
internal sealed class DailyUsageJobTests
{
    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(60);
    private static readonly DateTimeOffset Morning = TestLedger.Noon.AddDays(-10).AddHours(-3);

    [Test]
    public async Task Keep_WhenARequestIsWrittenBetweenTheGroupingsOfItsDay_KeepsNothingOfTheDay()
    {
        // As on SQL Server, where a report's statements do not see one state.
        await using var ledger = await TestLedger.OpenAsync(DatabaseKind.Postgres);
        var user = await ledger.AddUserAsync();
        await ArchiveTests.SettledAsync(ledger, user, Morning, 1);
        var contexts = new StatelessContexts(
            ledger.Database.Settings.ConnectionString, new AfterRecordsAreRead(() => ArchiveTests.SettledAsync(ledger, user, Morning, 5)));

        Assert.That(await NewKeeper(contexts).RunOnceAsync(default), Is.Zero);

        var reports = new UsageReports(ledger.Database.Contexts);
        foreach (var grouping in DailyUsageReports.Groupings)
            Assert.That((await reports.SumAsync(grouping, null, null, default)).Sum(sum => sum.CostNanoUsd), Is.EqualTo(6), $"{grouping}");
        Assert.That(await NewKeeper(ledger.Database.Contexts).RunOnceAsync(default), Is.EqualTo(1), "the next time");
    }

    [Test]
    public async Task Keep_WhenOneDayFails_AddsUpTheOthers()
    {
        await using var ledger = await TestLedger.OpenAsync();
        var user = await ledger.AddUserAsync();
        for (var days = 0; days < 3; days++) await ArchiveTests.SettledAsync(ledger, user, Morning.AddDays(days), 1);

        // The days are looked for first.
        var contexts = new FailingContexts(ledger.Database.Contexts, number => number == 2);

        Assert.That(await NewKeeper(contexts).RunOnceAsync(default), Is.EqualTo(2));
        Assert.That(await NewKeeper(ledger.Database.Contexts).RunOnceAsync(default), Is.EqualTo(1));
    }

    [Test]
    public async Task Run_WhenItFailsInAWayThatNobodyThoughtOf_SaysSoAndDoesNotStopTheHost()
    {
        var log = new CapturedLog<DailyUsageJob>();
        var failed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var keeper = new DailyUsageJob(new FailingContexts(null!, _ => failed.TrySetResult() || true), new TestClock(TestLedger.Noon), log);

        await keeper.StartAsync(default);
        await failed.Task.WaitAsync(LongEnough);
        await keeper.StopAsync(default);

        Assert.That(keeper.ExecuteTask!.IsFaulted, Is.False);
        Assert.That(log.Lines, Has.Some.Contains("could not be summed").And.Some.Contains(nameof(OverflowException)));
    }

    private static DailyUsageJob NewKeeper(IDbContextFactory<GatewayContext> contexts) =>
        new(contexts, new TestClock(TestLedger.Noon), NullLogger<DailyUsageJob>.Instance);

    /// <param name="real">Where contexts come from.</param>
    /// <param name="fails">Whether the context of this number, from 1 on, is not to be had.</param>
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
    }

    /// <summary>Does something once, when usage records were read for the first time.</summary>
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
