using AiGateway.Domain;
using AiGateway.Infrastructure.Ledger;
using AiGateway.Infrastructure.Persistence;

namespace AiGateway.Infrastructure.Tests.Ledger;

[TestFixture(DatabaseKind.Sqlite)]
[TestFixture(DatabaseKind.Postgres)]
[TestFixture(DatabaseKind.SqlServer)]
internal sealed class StopTests(DatabaseKind kind)
{
    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(60);

    [Test]
    public async Task Stop_WhenWorkIsQueued_WritesItAndLetsNothingMoreIn()
    {
        await using var books = await Books.OpenAsync(kind);
        var user = await books.AddUserAsync();
        var ids = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => books.HoldAsync(user, 10)));
        var settlements = ids.Select(id => books.SettleAsync(id, cost: 1)).ToList();
        await books.StopAsync().WaitAsync(LongEnough);

        await Task.WhenAll(settlements);
        Assert.That(await books.UseAsync(user), Is.EqualTo(new QuotaUse(50, 50, 50, 0)));
        Assert.That(
            await Books.CodeOfAsync(books.TryHoldAsync(user)), Is.EqualTo(ErrorCode.LedgerUnavailable));
        await books.SettleAsync(ids[0], cost: 1);
    }

    [Test]
    public async Task Stop_WhenTheHostsTimeIsUp_StillWritesWhatIsQueuedAndWhatComes()
    {
        BreakableDialect breakable = null!;
        await using var books = await Books.OpenAsync(kind, dialect: real => breakable = new BreakableDialect(real));
        var user = await books.AddUserAsync();
        var (first, second, cut) = (await books.HoldAsync(user), await books.HoldAsync(user), await books.HoldAsync(user));
        using var slow = new ManualResetEventSlim();
        var committing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        breakable.BeforeCommit = () =>
        {
            committing.TrySetResult();
            slow.Wait(LongEnough);
        };
        var settlements = new List<Task> { books.SettleAsync(first, cost: 1) };
        await committing.Task.WaitAsync(LongEnough);
        settlements.Add(books.SettleAsync(second, cost: 2));

        var stopping = books.StopAsync(isLate: true);
        slow.Set();
        await Task.WhenAll(settlements).WaitAsync(LongEnough);

        Assert.That(stopping.IsCompleted, Is.False, "one hold is open: its stream was cut, and is being counted");
        await books.SettleAsync(cut, cost: 3).WaitAsync(LongEnough);
        await stopping.WaitAsync(LongEnough);
        Assert.That(await books.UseAsync(user), Is.EqualTo(new QuotaUse(3, 3, 6, 0)));
        await books.AssertBalancedAsync();
    }

    [Test]
    public async Task Stop_WhenAHoldIsNeverEnded_GivesUpAfterTheDrainTimeAndLeavesItToItsLease()
    {
        await using var books = await Books.OpenAsync(kind);
        var user = await books.AddUserAsync();
        await books.HoldAsync(user, 500);
        var stopping = books.StopAsync();
        Assert.That(stopping.IsCompleted, Is.False);

        books.Clock.Advance(LedgerWriter.DrainTime);
        await stopping.WaitAsync(LongEnough);

        Assert.That(await books.UseAsync(user), Is.EqualTo(new QuotaUse(1, 1, 0, 500)));
    }
}
