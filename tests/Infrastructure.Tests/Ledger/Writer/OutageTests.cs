using AiGateway.Domain;
using AiGateway.Infrastructure.Ledger;
using AiGateway.Infrastructure.Persistence;

namespace AiGateway.Infrastructure.Tests.Ledger.Writer;

// Some ledgers have a real time-out of 300 milliseconds. Other fixtures would take the processor from them.
[NonParallelizable]
[TestFixture(DatabaseKind.Sqlite)]
[TestFixture(DatabaseKind.Postgres)]
[TestFixture(DatabaseKind.SqlServer)]
internal sealed class OutageTests(DatabaseKind kind)
{
    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(60);
    private static readonly LedgerSettings ShortTimeouts = new() { CommitTimeout = TimeSpan.FromMilliseconds(300) };

    [Test]
    public async Task Hold_WhenTheDatabaseIsLocked_IsUnavailableInBoundedTimeAndNothingStaysHeld()
    {
        await using var ledger = await OpenWithShortTimeoutsAsync();
        var user = await ledger.AddUserAsync();
        await ledger.HoldAsync(user, 1);
        var locked = await ledger.Database.LockAsync();
        var refused = Enumerable.Range(0, 20).Select(_ => ledger.TryHoldAsync(user, 100)).ToList();
        foreach (var hold in refused)
        {
            var failure = await Assert.ThrowsAsync<LedgerUnavailableException>(() => hold.WaitAsync(LongEnough));
            Assert.That(failure.RetryAfter, Is.InRange(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5)));
        }

        await locked.DisposeAsync();
        await UntilGrantedAsync(ledger, user);
        await ledger.FlushAsync();

        Assert.That((await ledger.UseAsync(user)).MonthHeldNanoUsd, Is.EqualTo(2), "only the granted holds are held");
        await ledger.AssertBalancedAsync();
    }

    [Test]
    public async Task Settle_WhenTheDatabaseIsLocked_ReturnsInBoundedTimeAndIsWrittenAfterwards()
    {
        await using var ledger = await OpenWithShortTimeoutsAsync();
        var user = await ledger.AddUserAsync();
        var ids = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => ledger.HoldAsync(user, 100)));
        await using (await ledger.Database.LockAsync())
        {
            await Task.WhenAll(ids.Select(id => ledger.SettleAsync(id, cost: 9))).WaitAsync(LongEnough);
        }

        await ledger.StopAsync();

        Assert.That(await ledger.UseAsync(user), Is.EqualTo(new QuotaUse(10, 10, 90, 0)));
        await ledger.AssertBalancedAsync();
    }

    [Test]
    public async Task Flush_WhenTheDatabaseIsLocked_ReturnsInBoundedTime()
    {
        await using var ledger = await OpenWithShortTimeoutsAsync();
        var user = await ledger.AddUserAsync();
        var id = await ledger.HoldAsync(user, 100);
        await using (await ledger.Database.LockAsync())
        {
            _ = ledger.SettleAsync(id, cost: 9);
            await ledger.Ledger.FlushAsync().WaitAsync(LongEnough);
            Assert.That(ledger.Ledger.FlushAsync().IsCompleted, Is.True, "a settlement that has waited its time is not waited for again");
        }

        await ledger.StopAsync();

        Assert.That((await ledger.UseAsync(user)).MonthSettledNanoUsd, Is.EqualTo(9));
    }

    [Test]
    public async Task Hold_WhenTheCallerLeavesBeforeItIsWritten_LeavesNoRecord()
    {
        await using var ledger = await TestLedger.OpenAsync(kind, started: false);
        var user = await ledger.AddUserAsync();
        using var leaving = new CancellationTokenSource();
        var hold = ledger.NewHold(user);
        var answer = ledger.Ledger.HoldAsync(hold, leaving.Token);
        await leaving.CancelAsync();
        await Assert.CatchAsync<OperationCanceledException>(() => answer);
        await ledger.StartAsync();
        await ledger.FlushAsync();

        Assert.That(await ledger.FindAsync(hold.RequestId), Is.Null);
        Assert.That(await ledger.UseAsync(user), Is.EqualTo(new QuotaUse(0, 0, 0, 0)));
    }

    [Test]
    public async Task Hold_WhenTheCallerLeavesWhileItIsWritten_IsReleased()
    {
        using var leaving = new CancellationTokenSource();
        BreakableDialect breakable = null!;
        await using var ledger = await TestLedger.OpenAsync(kind, dialect: real => breakable = new BreakableDialect(real));
        var user = await ledger.AddUserAsync();
        await ledger.FlushAsync();
        using var left = new ManualResetEventSlim();
        breakable.BeforeCommit = () =>
        {
            leaving.Cancel();
            left.Wait(LongEnough);
        };
        var hold = ledger.NewHold(user);
        await Assert.CatchAsync<OperationCanceledException>(() => ledger.Ledger.HoldAsync(hold, leaving.Token));
        breakable.BeforeCommit = () => { };
        left.Set();
        await ledger.FlushAsync();
        await ledger.FlushAsync();

        var record = (await ledger.FindAsync(hold.RequestId))!;

        Assert.That((record.Status, record.ErrorCode), Is.EqualTo((UsageStatus.Released, "client_closed_request")));
        Assert.That(await ledger.UseAsync(user), Is.EqualTo(new QuotaUse(0, 0, 0, 0)));
        await ledger.AssertBalancedAsync();
    }

    [Test]
    public async Task Hold_WhenTheAnswerToTheCommitIsLost_IsUnavailableAndReleased()
    {
        BreakableDialect breakable = null!;
        await using var ledger = await TestLedger.OpenAsync(
            kind, time: TimeProvider.System, dialect: real => breakable = new BreakableDialect(real));
        var user = await ledger.AddUserAsync();
        var settled = await ledger.HoldAsync(user, 50);
        breakable.AfterCommit = () =>
        {
            breakable.AfterCommit = () => { };
            throw new TimeoutException("The answer was lost.");
        };
        var hold = ledger.NewHold(user);
        Assert.That(
            await TestLedger.CodeOfAsync(ledger.Ledger.HoldAsync(hold, CancellationToken.None)),
            Is.EqualTo(ErrorCode.LedgerUnavailable));

        breakable.AfterCommit = () =>
        {
            breakable.AfterCommit = () => { };
            throw new TimeoutException("The answer was lost.");
        };
        await ledger.SettleAsync(settled, cost: 7);

        var record = (await ledger.FindAsync(hold.RequestId))!;
        Assert.That((record.Status, record.ErrorCode), Is.EqualTo((UsageStatus.Released, "ledger_unavailable")));
        Assert.That(await ledger.UseAsync(user), Is.EqualTo(new QuotaUse(1, 1, 7, 0)));
        await ledger.AssertBalancedAsync();
    }

    [Test]
    public async Task Writer_WhenADatabaseFailureFollowsOneOperation_StillWritesTheOthers()
    {
        BreakableDialect breakable = null!;
        await using var ledger = await TestLedger.OpenAsync(
            kind, time: TimeProvider.System, dialect: real => breakable = new BreakableDialect(real));
        var user = await ledger.AddUserAsync();
        var ids = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => ledger.HoldAsync(user, 100)));
        breakable.BeforeInsert = () => throw new IOException("The disk is full.");
        var settlements = ids.Select(id => ledger.SettleAsync(id, cost: 1)).ToList();
        Assert.That(
            await TestLedger.CodeOfAsync(ledger.TryHoldAsync(user)), Is.EqualTo(ErrorCode.LedgerUnavailable));
        await Task.WhenAll(settlements).WaitAsync(LongEnough);
        Assert.That(await ledger.UseAsync(user), Is.EqualTo(new QuotaUse(10, 10, 10, 0)));

        breakable.BeforeInsert = () => { };

        Assert.That(await ledger.TryHoldAsync(user), Is.Null);
        await ledger.AssertBalancedAsync();
    }

    [Test]
    public async Task Hold_WhenTheQueueIsFull_IsUnavailableAtOnceAndSettlementsAreStillAccepted()
    {
        await using var ledger = await TestLedger.OpenAsync(kind, new LedgerSettings { QueueCapacity = 2 }, started: false);
        var user = await ledger.AddUserAsync();
        var waiting = new[] { ledger.TryHoldAsync(user), ledger.TryHoldAsync(user) };
        var third = ledger.TryHoldAsync(user);
        Assert.That(third.IsFaulted, Is.True, "it is refused without waiting");
        Assert.That(await TestLedger.CodeOfAsync(third), Is.EqualTo(ErrorCode.LedgerUnavailable));

        var settlements = Enumerable.Range(0, 10).Select(_ => ledger.FlushAsync()).ToList();
        await ledger.StartAsync();
        await Task.WhenAll([.. waiting, .. settlements]);

        Assert.That(await ledger.UseAsync(user), Is.EqualTo(new QuotaUse(2, 2, 0, 200)));
    }

    /// <summary>Opens a ledger and its first connection. The first connection of a process takes longer than the time-outs of these tests.</summary>
    private async Task<TestLedger> OpenWithShortTimeoutsAsync()
    {
        var ledger = await TestLedger.OpenAsync(kind, ShortTimeouts, time: TimeProvider.System);
        await UntilGrantedAsync(ledger, await ledger.AddUserAsync());
        return ledger;
    }

    private static async Task UntilGrantedAsync(TestLedger ledger, Guid user)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                await ledger.HoldAsync(user, 1);
                return;
            }
            catch (AiGatewayException failure) when (failure.Code == ErrorCode.LedgerUnavailable && tries < 20)
            {
                // The writer still pauses after the failure.
            }
        }
    }
}
