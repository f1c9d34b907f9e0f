using AiGateway.Domain;
using AiGateway.Infrastructure.Ledger.Writer;
using AiGateway.Infrastructure.Persistence;

namespace AiGateway.Infrastructure.Tests.Ledger.Writer;

[TestFixture(DatabaseKind.Sqlite)]
[TestFixture(DatabaseKind.Postgres)]
[TestFixture(DatabaseKind.SqlServer)]
internal sealed class StopTests(DatabaseKind kind)
{
    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(60);

    [Test]
    public async Task Stop_WhenOperationsAreQueued_WritesThemAndAcceptsNoMore()
    {
        await using var ledger = await TestLedger.OpenAsync(kind);
        var user = await ledger.AddUserAsync();
        var ids = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => ledger.HoldAsync(user, 10)));
        var settlements = ids.Select(id => ledger.SettleAsync(id, cost: 1)).ToList();
        await ledger.StopAsync().WaitAsync(LongEnough);

        await Task.WhenAll(settlements);
        Assert.That(await ledger.UseAsync(user), Is.EqualTo(new QuotaUse(50, 50, 50, 0)));
        Assert.That(
            await TestLedger.CodeOfAsync(ledger.TryHoldAsync(user)), Is.EqualTo(ErrorCode.LedgerUnavailable));
        await ledger.SettleAsync(ids[0], cost: 1);
    }

    [Test]
    public async Task Stop_WhenTheHostsTimeIsUp_StillWritesQueuedAndLaterSettlements()
    {
        BreakableDialect breakable = null!;
        await using var ledger = await TestLedger.OpenAsync(kind, dialect: real => breakable = new BreakableDialect(real));
        var user = await ledger.AddUserAsync();
        var (first, second, cut) = (await ledger.HoldAsync(user), await ledger.HoldAsync(user), await ledger.HoldAsync(user));
        using var slow = new ManualResetEventSlim();
        var committing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        breakable.BeforeCommit = () =>
        {
            committing.TrySetResult();
            slow.Wait(LongEnough);
        };
        var settlements = new List<Task> { ledger.SettleAsync(first, cost: 1) };
        await committing.Task.WaitAsync(LongEnough);
        settlements.Add(ledger.SettleAsync(second, cost: 2));

        var stopping = ledger.StopAsync(isLate: true);
        slow.Set();
        await Task.WhenAll(settlements).WaitAsync(LongEnough);

        Assert.That(stopping.IsCompleted, Is.False, "the stop waits for the open hold, whose cut stream is still being counted");
        await ledger.SettleAsync(cut, cost: 3).WaitAsync(LongEnough);
        await stopping.WaitAsync(LongEnough);
        Assert.That(await ledger.UseAsync(user), Is.EqualTo(new QuotaUse(3, 3, 6, 0)));
        await ledger.AssertBalancedAsync();
    }

    [Test]
    public async Task Stop_WhenAHoldIsNeverSettled_EndsAfterTheDrainTimeAndLeavesTheHoldToItsLease()
    {
        await using var ledger = await TestLedger.OpenAsync(kind);
        var user = await ledger.AddUserAsync();
        await ledger.HoldAsync(user, 500);
        var stopping = ledger.StopAsync();
        Assert.That(stopping.IsCompleted, Is.False);

        ledger.Clock.Advance(LedgerWriter.DrainTime);
        await stopping.WaitAsync(LongEnough);

        Assert.That(await ledger.UseAsync(user), Is.EqualTo(new QuotaUse(1, 1, 0, 500)));
    }
}
