using AiGateway.Domain;
using AiGateway.Infrastructure.Ledger.Writer;
using AiGateway.Infrastructure.Persistence;
using AiGateway.Infrastructure.Tests.Ledger.Writer;

namespace AiGateway.Infrastructure.Tests.Ledger;

/// <summary>A batch that loses against another writer is not refused. The whole batch is written again.</summary>
[TestFixture(DatabaseKind.Sqlite)]
[TestFixture(DatabaseKind.Postgres)]
[TestFixture(DatabaseKind.SqlServer)]
internal sealed class CollisionTests(DatabaseKind kind)
{
    [TestCase(true)]
    [TestCase(false)]
    public async Task Batch_WhenItCollides_IsWrittenAgainAsAWhole(bool atCommit)
    {
        BreakableDialect breakable = null!;
        await using var ledger = await TestLedger.OpenAsync(kind, started: false, dialect: real => breakable = new BreakableDialect(real));
        var user = await ledger.AddUserAsync(new QuotaLimits(3, null, null));
        var (begun, collisions) = (0, 0);
        breakable.BeforeBegin = () => begun++;
        if (atCommit) breakable.BeforeCommit = Collide;
        else breakable.BeforeInsert = Collide;
        var holds = Enumerable.Range(0, 5).Select(_ => ledger.TryHoldAsync(user, 10)).ToList();
        await ledger.StartAsync();

        var refusals = await Task.WhenAll(holds);

        Assert.That(refusals.Count(refusal => refusal is null), Is.EqualTo(3));
        Assert.That(begun, Is.EqualTo(3), "two transactions collided, and the third wrote the same five holds");
        Assert.That(await ledger.UseAsync(user), Is.EqualTo(new QuotaUse(3, 3, 0, 30)));
        await ledger.AssertBalancedAsync();

        void Collide()
        {
            if (++collisions <= 2) throw new CollisionException();
        }
    }

    [Test]
    public async Task Batch_WhenItCollidesForEver_IsUnavailableInTheEnd()
    {
        BreakableDialect breakable = null!;
        await using var ledger = await TestLedger.OpenAsync(
            kind, time: TimeProvider.System, dialect: real => breakable = new BreakableDialect(real));
        var user = await ledger.AddUserAsync();
        await ledger.FlushAsync();
        var begun = 0;
        breakable.BeforeBegin = () => begun++;
        breakable.BeforeInsert = () => throw new CollisionException();

        Assert.That(await TestLedger.CodeOfAsync(ledger.TryHoldAsync(user)), Is.EqualTo(ErrorCode.LedgerUnavailable));
        Assert.That(begun, Is.EqualTo(LedgerSession.MostTries));
        breakable.BeforeInsert = () => { };
        Assert.That(await ledger.TryHoldAsync(user), Is.Null);
        await ledger.AssertBalancedAsync();
    }
}
