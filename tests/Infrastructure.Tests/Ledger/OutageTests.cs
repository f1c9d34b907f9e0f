using AiGateway.Domain;
using AiGateway.Infrastructure.Ledger;
using AiGateway.Infrastructure.Persistence;

namespace AiGateway.Infrastructure.Tests.Ledger;

[TestFixture(DatabaseKind.Sqlite)]
[TestFixture(DatabaseKind.Postgres)]
[TestFixture(DatabaseKind.SqlServer)]
internal sealed class OutageTests(DatabaseKind kind)
{
    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(60);
    private static readonly LedgerSettings Impatient = new() { CommitTimeout = TimeSpan.FromMilliseconds(300) };

    [Test]
    public async Task Hold_WhenTheDatabaseIsLocked_IsUnavailableInBoundedTimeAndNothingStaysHeld()
    {
        await using var books = await OpenImpatientAsync();
        var user = await books.AddUserAsync();
        await books.HoldAsync(user, 1);
        var locked = await books.Database.LockAsync();
        var refused = Enumerable.Range(0, 20).Select(_ => books.TryHoldAsync(user, 100)).ToList();
        foreach (var hold in refused)
        {
            var failure = await Assert.ThrowsAsync<LedgerUnavailableException>(() => hold.WaitAsync(LongEnough));
            Assert.That(failure.RetryAfter, Is.InRange(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5)));
        }

        await locked.DisposeAsync();
        await UntilGrantedAsync(books, user);
        await books.CatchUpAsync();

        Assert.That((await books.UseAsync(user)).MonthHeldNanoUsd, Is.EqualTo(2), "only the holds that were granted");
        await books.AssertBalancedAsync();
    }

    [Test]
    public async Task Settle_WhenTheDatabaseIsLocked_ReturnsInBoundedTimeAndLandsWhenItIsFreed()
    {
        await using var books = await OpenImpatientAsync();
        var user = await books.AddUserAsync();
        var ids = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => books.HoldAsync(user, 100)));
        await using (await books.Database.LockAsync())
        {
            await Task.WhenAll(ids.Select(id => books.SettleAsync(id, cost: 9))).WaitAsync(LongEnough);
        }

        await books.StopAsync();

        Assert.That(await books.UseAsync(user), Is.EqualTo(new QuotaUse(10, 10, 90, 0)));
        await books.AssertBalancedAsync();
    }

    [Test]
    public async Task CatchUp_WhenTheDatabaseIsLocked_ReturnsInBoundedTime()
    {
        await using var books = await OpenImpatientAsync();
        var user = await books.AddUserAsync();
        var id = await books.HoldAsync(user, 100);
        await using (await books.Database.LockAsync())
        {
            _ = books.SettleAsync(id, cost: 9);
            await books.Ledger.CatchUpAsync().WaitAsync(LongEnough);
            Assert.That(books.Ledger.CatchUpAsync().IsCompleted, Is.True, "what has waited long enough is not waited for again");
        }

        await books.StopAsync();

        Assert.That((await books.UseAsync(user)).MonthSettledNanoUsd, Is.EqualTo(9));
    }

    [Test]
    public async Task Hold_WhenTheCallerLeavesBeforeTheWriterComes_LeavesNothing()
    {
        await using var books = await Books.OpenAsync(kind, started: false);
        var user = await books.AddUserAsync();
        using var leaving = new CancellationTokenSource();
        var hold = books.NewHold(user);
        var answer = books.Ledger.HoldAsync(hold, leaving.Token);
        await leaving.CancelAsync();
        await Assert.CatchAsync<OperationCanceledException>(() => answer);
        await books.StartAsync();
        await books.CatchUpAsync();

        Assert.That(await books.FindAsync(hold.RequestId), Is.Null);
        Assert.That(await books.UseAsync(user), Is.EqualTo(new QuotaUse(0, 0, 0, 0)));
    }

    [Test]
    public async Task Hold_WhenTheCallerLeavesWhileItIsWritten_IsReleased()
    {
        using var leaving = new CancellationTokenSource();
        BreakableDialect breakable = null!;
        await using var books = await Books.OpenAsync(kind, dialect: real => breakable = new BreakableDialect(real));
        var user = await books.AddUserAsync();
        await books.CatchUpAsync();
        using var left = new ManualResetEventSlim();
        breakable.BeforeCommit = () =>
        {
            leaving.Cancel();
            left.Wait(LongEnough);
        };
        var hold = books.NewHold(user);
        await Assert.CatchAsync<OperationCanceledException>(() => books.Ledger.HoldAsync(hold, leaving.Token));
        breakable.BeforeCommit = () => { };
        left.Set();
        await books.CatchUpAsync();
        await books.CatchUpAsync();

        var record = (await books.FindAsync(hold.RequestId))!;

        Assert.That((record.Status, record.ErrorCode), Is.EqualTo((UsageStatus.Released, "client_closed_request")));
        Assert.That(await books.UseAsync(user), Is.EqualTo(new QuotaUse(0, 0, 0, 0)));
        await books.AssertBalancedAsync();
    }

    [Test]
    public async Task Hold_WhenTheAnswerToTheCommitIsLost_IsUnavailableAndReleased()
    {
        BreakableDialect breakable = null!;
        await using var books = await Books.OpenAsync(
            kind, time: TimeProvider.System, dialect: real => breakable = new BreakableDialect(real));
        var user = await books.AddUserAsync();
        var settled = await books.HoldAsync(user, 50);
        breakable.AfterCommit = () =>
        {
            breakable.AfterCommit = () => { };
            throw new TimeoutException("The answer was lost.");
        };
        var hold = books.NewHold(user);
        Assert.That(
            await Books.CodeOfAsync(books.Ledger.HoldAsync(hold, CancellationToken.None)),
            Is.EqualTo(ErrorCode.LedgerUnavailable));

        breakable.AfterCommit = () =>
        {
            breakable.AfterCommit = () => { };
            throw new TimeoutException("The answer was lost.");
        };
        await books.SettleAsync(settled, cost: 7);

        var record = (await books.FindAsync(hold.RequestId))!;
        Assert.That((record.Status, record.ErrorCode), Is.EqualTo((UsageStatus.Released, "ledger_unavailable")));
        Assert.That(await books.UseAsync(user), Is.EqualTo(new QuotaUse(1, 1, 7, 0)));
        await books.AssertBalancedAsync();
    }

    [Test]
    public async Task Writer_WhenADatabaseFailureFollowsOneOperation_StillWritesTheOthers()
    {
        BreakableDialect breakable = null!;
        await using var books = await Books.OpenAsync(
            kind, time: TimeProvider.System, dialect: real => breakable = new BreakableDialect(real));
        var user = await books.AddUserAsync();
        var ids = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => books.HoldAsync(user, 100)));
        breakable.BeforeInsert = () => throw new IOException("The disk is full.");
        var settlements = ids.Select(id => books.SettleAsync(id, cost: 1)).ToList();
        Assert.That(
            await Books.CodeOfAsync(books.TryHoldAsync(user)), Is.EqualTo(ErrorCode.LedgerUnavailable));
        await Task.WhenAll(settlements).WaitAsync(LongEnough);
        Assert.That(await books.UseAsync(user), Is.EqualTo(new QuotaUse(10, 10, 10, 0)));

        breakable.BeforeInsert = () => { };

        Assert.That(await books.TryHoldAsync(user), Is.Null);
        await books.AssertBalancedAsync();
    }

    [Test]
    public async Task Hold_WhenTheQueueIsFull_IsUnavailableAtOnceAndSettlementsStillGetIn()
    {
        await using var books = await Books.OpenAsync(kind, new LedgerSettings { QueueCapacity = 2 }, started: false);
        var user = await books.AddUserAsync();
        var waiting = new[] { books.TryHoldAsync(user), books.TryHoldAsync(user) };
        var third = books.TryHoldAsync(user);
        Assert.That(third.IsFaulted, Is.True, "it is refused without waiting");
        Assert.That(await Books.CodeOfAsync(third), Is.EqualTo(ErrorCode.LedgerUnavailable));

        var settlements = Enumerable.Range(0, 10).Select(_ => books.CatchUpAsync()).ToList();
        await books.StartAsync();
        await Task.WhenAll([.. waiting, .. settlements]);

        Assert.That(await books.UseAsync(user), Is.EqualTo(new QuotaUse(2, 2, 0, 200)));
    }

    /// <summary>The first connection of a process takes longer than these tests wait: it is there before they begin.</summary>
    private async Task<Books> OpenImpatientAsync()
    {
        var books = await Books.OpenAsync(kind, Impatient, time: TimeProvider.System);
        await UntilGrantedAsync(books, await books.AddUserAsync());
        return books;
    }

    private static async Task UntilGrantedAsync(Books books, Guid user)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                await books.HoldAsync(user, 1);
                return;
            }
            catch (AiGatewayException failure) when (failure.Code == ErrorCode.LedgerUnavailable && tries < 20)
            {
                // The writer is still leaving the database in peace.
            }
        }
    }
}
