using AiGateway.Application.Administration;
using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence;
using AiGateway.Infrastructure.Persistence.Audit;
using AiGateway.Infrastructure.Persistence.Stores;
using AiGateway.Infrastructure.Persistence.Stores.Erasure;
using AiGateway.Infrastructure.Tests.Persistence.Databases;
using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Tests.Persistence.Audit;

/// <summary>Reading the audit log, and finding what was done to it past the gateway.</summary>
[TestFixture(DatabaseKind.Sqlite)]
[TestFixture(DatabaseKind.Postgres)]
[TestFixture(DatabaseKind.SqlServer)]
internal sealed class AuditLogTests(DatabaseKind kind)
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 15, 12, 0, 0, TimeSpan.Zero);
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly Guid Ann = new("0199c0de-0000-7000-8000-00000000000a");
    private static readonly Guid Bob = new("0199c0de-0000-7000-8000-00000000000b");

    private static IEnumerable<TestCaseData> Tampering =>
    [
        new("UPDATE admin_actions SET action = 'user.delete' WHERE sequence = 3", 3, AuditProblem.Changed),
        new("UPDATE admin_actions SET actor_id = NULL WHERE sequence = 2", 2, AuditProblem.Changed),
        new("UPDATE admin_actions SET via = 77 WHERE sequence = 5", 5, AuditProblem.Changed),
        new("UPDATE admin_actions SET hash = previous_hash WHERE sequence = 2", 2, AuditProblem.Changed),
        new("DELETE FROM admin_actions WHERE sequence = 1", 1, AuditProblem.Missing),
        new("DELETE FROM admin_actions WHERE sequence IN (3, 4)", 3, AuditProblem.Missing),
        new("UPDATE admin_actions SET sequence = 9 WHERE sequence = 2", 2, AuditProblem.Missing),
        new("UPDATE admin_actions SET sequence = 9 WHERE sequence = 5", 5, AuditProblem.Missing),
        new("UPDATE admin_actions SET sequence = 0 WHERE sequence = 4", 0, AuditProblem.Changed),
    ];

    [Test]
    public async Task Verify_OfAnUntouchedLog_FindsNothingAndNamesTheHead()
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var log = new AuditLog(database.Contexts);
        Assert.That(await log.VerifyAsync(None), Is.EqualTo(new AuditVerification(0, null, null)));

        await FillAsync(database);

        var last = (await ListAsync(log, new AuditFilter { Limit = 1 })).Single();
        Assert.That(await log.VerifyAsync(None), Is.EqualTo(new AuditVerification(5, new AuditHead(5, Convert.ToHexStringLower(last.Hash)), null)));
    }

    [TestCaseSource(nameof(Tampering))]
    public async Task Verify_AfterTampering_NamesTheFirstRowThatDoesNotFit(string sql, long sequence, AuditProblem problem)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await FillAsync(database);
        await database.TamperAsync(sql);

        var found = await new AuditLog(database.Contexts).VerifyAsync(None);

        Assert.That((found.Fault!.Sequence, found.Fault.Problem, found.Fault.Id is null), Is.EqualTo((sequence, problem, problem == AuditProblem.Missing)));
    }

    [Test]
    public async Task Verify_WhenARowWasRewrittenWithANewHash_NamesTheNextRow()
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await FillAsync(database);
        await using (var context = await database.Contexts.CreateDbContextAsync())
        {
            var row = await context.AdminActions.SingleAsync(each => each.Sequence == 2);
            context.Entry(row).Property(each => each.ActorId).CurrentValue = Bob;
            row.Seal();
            await context.SaveChangesAsync();
        }

        var found = await new AuditLog(database.Contexts).VerifyAsync(None);

        Assert.That((found.Fault!.Sequence, found.Fault.Problem), Is.EqualTo((3L, AuditProblem.Unlinked)));
    }

    [Test]
    public async Task Verify_AfterAnErasure_AcceptsTheErasedRowsAlone()
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await FillAsync(database);
        var log = new AuditLog(database.Contexts);
        var erasure = new UserErasure(database.Contexts);

        await erasure.EraseAsync(Ann, Actor.Operator, Noon.AddHours(9), None);

        var rows = await ListAsync(log, new AuditFilter { Limit = 200 });
        Assert.That(rows.SelectMany(row => new[] { row.Before, row.After }).OfType<string>().Where(text => text.Contains("\"name\":", StringComparison.Ordinal)),
            Is.Not.Empty.And.All.Contains("\"name\":\"erased\""));
        var found = await log.VerifyAsync(None);
        Assert.That((found.Unbroken, found.Rows), Is.EqualTo((true, 6L)));
        await erasure.EraseAsync(Ann, Actor.Operator, Noon.AddHours(10), None);
        Assert.That(await log.VerifyAsync(None), Is.EqualTo(found), "a second erasure changes nothing and leaves no row");

        await database.TamperAsync("UPDATE admin_actions SET after = 'x' WHERE sequence = 4");
        Assert.That((await log.VerifyAsync(None)).Fault, Has.Property("Sequence").EqualTo(4).And.Property("Problem").EqualTo(AuditProblem.Changed));
    }

    /// <summary>What the table alone cannot show, and the reason why an operator keeps the head elsewhere.</summary>
    [Test]
    public async Task Verify_WhenTheLastRowsWereCutOff_FindsNothingButAnotherHead()
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await FillAsync(database);
        var log = new AuditLog(database.Contexts);
        var kept = (await log.VerifyAsync(None)).Head!;
        await database.TamperAsync("DELETE FROM admin_actions WHERE sequence > 3");

        var found = await log.VerifyAsync(None);

        Assert.That((found.Unbroken, found.Head!.Sequence), Is.EqualTo((true, 3L)));
        Assert.That(found.Head, Is.Not.EqualTo(kept));
    }

    [Test]
    public async Task List_WithFilters_HasTheirRowsNewestFirst()
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await FillAsync(database);
        var log = new AuditLog(database.Contexts);

        Assert.Multiple(async () =>
        {
            Assert.That(await SequencesAsync(log, new AuditFilter { Limit = 200 }), Is.EqualTo([5, 4, 3, 2, 1]));
            Assert.That(await SequencesAsync(log, new AuditFilter { Limit = 2, Before = 4 }), Is.EqualTo([3, 2]));
            Assert.That(await SequencesAsync(log, new AuditFilter { Limit = 200, From = Noon.AddHours(1), To = Noon.AddHours(3) }), Is.EqualTo([3, 2]));
            Assert.That(await SequencesAsync(log, new AuditFilter { Limit = 200, Actor = new AuditActor(Ann) }), Is.EqualTo([4, 2]));
            Assert.That(await SequencesAsync(log, new AuditFilter { Limit = 200, Actor = AuditActor.Parse("system") }), Is.EqualTo([5, 3, 1]));
            Assert.That(await SequencesAsync(log, new AuditFilter { Limit = 200, Action = "user.update" }), Is.EqualTo([5, 4, 3, 2]));
            Assert.That(await SequencesAsync(log, new AuditFilter { Limit = 200, TargetKind = "user", TargetId = $"{Ann}" }), Is.EqualTo([5, 4, 3, 2, 1]));
            Assert.That(await SequencesAsync(log, new AuditFilter { Limit = 200, TargetKind = "key" }), Is.Empty);
            Assert.That(await SequencesAsync(log, new AuditFilter { Limit = 200, TargetId = $"{Bob}" }), Is.Empty);
        });
    }

    /// <summary>Five rows, an hour apart: one that makes the user Ann, four that rename her.</summary>
    private static async Task FillAsync(TestDatabase database)
    {
        var users = new UserStore(database.Contexts);
        var ann = new Actor(Ann, ActorVia.Token, null, Scopes.All, null);
        await users.AddAsync(new User { Id = Ann, Name = "0", CreatedAt = Noon }, Actor.Start, None);
        for (var i = 1; i < 5; i++) await users.UpdateAsync(Ann, $"{i}", null, i % 2 == 1 ? ann : Actor.Operator, Noon.AddHours(i), None);
    }

    private static Task<IReadOnlyList<AdminAction>> ListAsync(AuditLog log, AuditFilter filter) => log.ListAsync(filter, None);

    private static async Task<long[]> SequencesAsync(AuditLog log, AuditFilter filter) => [.. (await ListAsync(log, filter)).Select(row => row.Sequence)];
}
