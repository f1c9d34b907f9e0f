using AiGateway.Application.Administration;
using AiGateway.Application.Usage;
using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence;
using AiGateway.Infrastructure.Persistence.Audit;
using AiGateway.Infrastructure.Persistence.Stores;
using AiGateway.Infrastructure.Tests.Ledger;
using AiGateway.Infrastructure.Tests.Persistence.Databases;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiGateway.Infrastructure.Tests.Persistence.Audit;

/// <summary>Each change of a store leaves one row, in the transaction of the change. A change of nothing leaves none.</summary>
[TestFixture(DatabaseKind.Sqlite)]
[TestFixture(DatabaseKind.Postgres)]
[TestFixture(DatabaseKind.SqlServer)]
internal sealed class AuditTrailTests(DatabaseKind kind)
{
    private static readonly DateTimeOffset Noon = TestLedger.Noon;
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly Guid Administrator = new("0199c0de-0000-7000-8000-00000000ad31");
    private static readonly Guid KeyInUse = new("0199c0de-0000-7000-8000-00000000ad32");
    private static readonly Guid Request = new("0199c0de-0000-7000-8000-00000000ad33");
    private static readonly Actor By = new(Administrator, ActorVia.Key, KeyInUse, Scopes.All, Request);

    [Test]
    public async Task Row_OfAChange_SaysWhoDidWhatWhenAndHow()
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var user = await AddUserAsync(database);

        var row = (await RowsAsync(database)).Single();

        Assert.That((row.Sequence, row.At, row.ActorId, row.Via, row.ApiKeyId), Is.EqualTo((1L, Noon, (Guid?)Administrator, ActorVia.Key, (Guid?)KeyInUse)));
        Assert.That((row.Action, row.TargetKind, row.TargetId, row.RequestId), Is.EqualTo(("user.create", "user", $"{user}", (Guid?)Request)));
        Assert.That((row.Before, row.After), Is.EqualTo(((string?)null, """{"name":"Zoë \"<b>\"","disabled":false}""")));
        Assert.That((row.Id.Version, row.PreviousHash), Is.EqualTo((7, AdminAction.NoHash)));
        Assert.That(row.Hash, Is.EqualTo(row.ComputeHash()), "the hash fits what the database returns");
    }

    [Test]
    public async Task Row_OfEachChange_HasTheTargetBeforeAndAfter()
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var user = await AddUserAsync(database);
        var (users, quotas, keys, switches) =
            (new UserStore(database.Contexts), new QuotaStore(database.Contexts), new ApiKeyStore(database.Contexts), new SwitchStore(database.Contexts));
        var key = NewKey(user);

        await users.UpdateAsync(user, "Bea", disabled: true, By, Noon, None);
        await quotas.SaveLimitsAsync(user, new QuotaLimits(5, null, 1_500_000_000), By, Noon, None);
        await quotas.SaveLimitsAsync(user, QuotaLimits.Unlimited, By, Noon, None);
        await keys.AddAsync(key, By, None);
        await keys.RevokeAsync(key.Id, By, Noon.AddTicks(1), None);
        await switches.SaveAsync("openai", "", isOff: true, By, Noon, None);
        await switches.SaveAsync("openai", "m/1", isOff: true, By, Noon, None);
        await switches.SaveAsync("openai", "m/1", isOff: false, By, Noon, None);

        var made = $$"""{"userId":"{{user}}","name":"ci","prefix":"agw_1234567","scopes":["ai:generate","ai:other"],"expiresAt":"2026-12-01T12:00:00+00:00","revokedAt":null}""";
        var limits = """{"dailyRequests":5,"monthlyRequests":null,"monthlySpendUsd":1.5}""";
        Assert.That((await RowsAsync(database)).Skip(1).Select(row => (row.Action, $"{row.TargetKind} {row.TargetId}", row.Before, row.After)), Is.EqualTo(((string, string, string?, string?)[])
        [
            ("user.update", $"user {user}", """{"name":"Zoë \"<b>\"","disabled":false}""", """{"name":"Bea","disabled":true}"""),
            ("quota.set", $"user {user}", null, limits),
            ("quota.set", $"user {user}", limits, """{"dailyRequests":null,"monthlyRequests":null,"monthlySpendUsd":null}"""),
            ("key.create", $"key {key.Id}", null, made),
            ("key.revoke", $"key {key.Id}", made, made.Replace("\"revokedAt\":null", "\"revokedAt\":\"2026-11-15T12:00:00+00:00\"", StringComparison.Ordinal)),
            ("provider.switch", "provider openai", """{"enabled":true}""", """{"enabled":false}"""),
            ("provider.switch", "model openai/m/1", """{"enabled":true}""", """{"enabled":false}"""),
            ("provider.switch", "model openai/m/1", """{"enabled":false}""", """{"enabled":true}"""),
        ]));
        Assert.That((await new AuditLog(database.Contexts).VerifyAsync(None)).Fault, Is.Null);
        await switches.SaveAsync("openai", "", isOff: false, By, Noon, None);
    }

    [Test]
    public async Task Row_OfACorrection_HasTheCostAndTheReason()
    {
        await using var ledger = await TestLedger.OpenAsync(kind, alone: true);
        var id = await ledger.HoldAsync(await ledger.AddUserAsync());
        await ledger.SettleAsync(id, cost: 10);

        var made = await new UsageCorrections(ledger.Database.Contexts, ledger.Clock).CorrectAsync(new NewCorrection(id, 30, "invoice"), By, None);

        var row = (await RowsAsync(ledger.Database))[^1];
        Assert.That((row.Action, row.TargetKind, row.TargetId), Is.EqualTo(("usage.correct", "request", $"{id}")));
        Assert.That(row.Before, Is.EqualTo("""{"costUsd":0.00000001,"status":"settled","correctionId":null,"reason":null}"""));
        Assert.That(row.After, Is.EqualTo($$"""{"costUsd":0.00000003,"status":"settled","correctionId":"{{made.Id}}","reason":"invoice"}"""));
    }

    [Test]
    public async Task Change_OfNothing_WritesNoRow()
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var user = await AddUserAsync(database);
        var (users, quotas, keys, switches) =
            (new UserStore(database.Contexts), new QuotaStore(database.Contexts), new ApiKeyStore(database.Contexts), new SwitchStore(database.Contexts));
        var key = NewKey(user);
        await quotas.SaveLimitsAsync(user, new QuotaLimits(1, 2, 3), By, Noon, None);
        await keys.AddAsync(key, By, None);
        await keys.RevokeAsync(key.Id, By, Noon, None);
        var before = (await RowsAsync(database)).Count;

        await users.UpdateAsync(user, null, disabled: false, By, Noon, None);
        await users.UpdateAsync(Guid.CreateVersion7(Noon), "nobody", null, By, Noon, None);
        await quotas.SaveLimitsAsync(user, new QuotaLimits(1, 2, 3), By, Noon, None);
        await keys.RevokeAsync(key.Id, By, Noon.AddHours(1), None);
        await keys.RevokeAsync(user, By, Noon, None);
        await switches.SaveAsync("openai", "", isOff: false, By, Noon, None);

        Assert.That(await RowsAsync(database), Has.Count.EqualTo(before));
    }

    [Test]
    public async Task Change_ThatFails_WritesNoRowAndLeavesNoGap()
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var user = await AddUserAsync(database);
        var users = new UserStore(database.Contexts);

        Assert.That(
            async () => await users.AddAsync(new User { Id = user, Name = "the same id", CreatedAt = Noon }, By, None),
            Throws.InstanceOf<DbUpdateException>());
        await new ApiKeyStore(database.Contexts).AddAsync(NewKey(user, Scopes.Admin), By, None);
        Assert.That(async () => await users.UpdateAsync(user, "Bea", disabled: true, By, Noon, None), Throws.TypeOf<LastAdministratorException>());
        await users.UpdateAsync(user, "Cid", null, By, Noon, None);

        Assert.That(
            (await RowsAsync(database)).Select(row => (row.Sequence, row.Action)),
            Is.EqualTo([(1L, "user.create"), (2L, "key.create"), (3L, "user.update")]));
    }

    [Test]
    public async Task Change_WhenItsRowCannotBeWritten_IsNotMade()
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var user = await AddUserAsync(database);
        var change = new AuditedChange("user.update", "user", user, before: null, new UserState("Bea", Disabled: false));

        // An id of version 7 cannot have a time before 1970.
        Assert.That(
            async () => await database.Contexts.ChangeAsync(
                By,
                DateTimeOffset.MinValue,
                async (context, attempt) => new Audited<int>(
                    await context.Users.Where(each => each.Id == user).ExecuteUpdateAsync(each => each.SetProperty(one => one.Name, "Bea"), attempt), change),
                None),
            Throws.InstanceOf<ArgumentOutOfRangeException>());

        Assert.That((await new UserStore(database.Contexts).FindAsync(user, None))!.Name, Is.EqualTo("Zoë \"<b>\""));
        Assert.That(await RowsAsync(database), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Changes_ByTwoGatewaysAtOnce_FormOneUnbrokenChain()
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var other = new GatewayContextFactory(database.Settings, database.File, NullLoggerFactory.Instance);
        var users = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(async () =>
        {
            var contexts = i % 2 == 0 ? database.Contexts : other;
            var id = await AddUserAsync(database, contexts);
            await new QuotaStore(contexts).SaveLimitsAsync(id, new QuotaLimits(i, null, null), By, Noon, None);
            return id;
        })));

        var rows = await RowsAsync(database);
        var verified = await new AuditLog(database.Contexts).VerifyAsync(None);
        Assert.That(rows.Select(row => row.Sequence), Is.EqualTo(Enumerable.Range(1, 40)));
        Assert.That(rows.Select(row => row.TargetId).Distinct(), Is.EquivalentTo(users.Select(user => $"{user}")));
        Assert.That((verified.Rows, verified.Head!.Sequence, verified.Fault), Is.EqualTo((40L, 40L, (AuditFault?)null)));
    }

    private static async Task<Guid> AddUserAsync(TestDatabase database, IDbContextFactory<GatewayContext>? contexts = null)
    {
        var user = new User { Id = Guid.CreateVersion7(Noon), Name = "Zoë \"<b>\"", CreatedAt = Noon };
        await new UserStore(contexts ?? database.Contexts).AddAsync(user, By, None);
        return user.Id;
    }

    private static ApiKey NewKey(Guid user, string scopes = "ai:generate ai:other") => new()
    {
        Id = Guid.CreateVersion7(Noon),
        UserId = user,
        Name = "ci",
        Prefix = "agw_1234567",
        Hash = [.. Enumerable.Repeat((byte)171, 32)],
        Scopes = scopes,
        CreatedAt = Noon,
        ExpiresAt = Noon.AddDays(16),
    };

    private static async Task<List<AdminAction>> RowsAsync(TestDatabase database)
    {
        await using var context = await database.Contexts.CreateDbContextAsync();
        return await context.AdminActions.AsNoTracking().OrderBy(row => row.Sequence).ToListAsync();
    }
}
