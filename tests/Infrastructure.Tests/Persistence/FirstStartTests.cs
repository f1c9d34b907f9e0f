using AiGateway.Domain;
using AiGateway.Infrastructure.Callers;
using AiGateway.Infrastructure.Persistence;
using AiGateway.Infrastructure.Persistence.Startup;
using AiGateway.Infrastructure.Tests.Persistence.Databases;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;

namespace AiGateway.Infrastructure.Tests.Persistence;

[TestFixture(DatabaseKind.Sqlite)]
[TestFixture(DatabaseKind.Postgres)]
[TestFixture(DatabaseKind.SqlServer)]
internal sealed class FirstStartTests(DatabaseKind kind)
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly ApiKeySecrets _secrets = new();

    [Test]
    public async Task Run_OnAnEmptyDatabase_CreatesAnAdministratorWithANewKey()
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var made = (await NewStart(database).RunAsync(null, isDevelopment: false, None))!;

        await using var context = await database.Contexts.CreateDbContextAsync();
        var user = await context.Users.Include(each => each.ApiKeys).SingleAsync();
        var key = user.ApiKeys.Single();

        Assert.That((user.Id, user.Name, made.UserName), Is.EqualTo((made.UserId, "admin", "admin")));
        Assert.That(made.Secret, Does.StartWith(made.KeyPrefix));
        Assert.That((key.Prefix, key.Scopes), Is.EqualTo((made.KeyPrefix, "ai:generate ai:usage ai:admin:team ai:admin")));
        Assert.That(key.Hash, Is.EqualTo(_secrets.HashOf(made.Secret!)));
        Assert.That(await NewStart(database).RunAsync(null, isDevelopment: true, None), Is.Null, "a second start is not a first start");
        Assert.That(await context.Users.CountAsync(), Is.EqualTo(1));
    }

    [Test]
    public async Task Run_WhenAKeyIsGiven_UsesItAndDoesNotReturnIt()
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var made = (await NewStart(database).RunAsync("a-key-of-the-operator", isDevelopment: false, None))!;

        await using var context = await database.Contexts.CreateDbContextAsync();

        Assert.That((made.Secret, made.KeyPrefix), Is.EqualTo(((string?)null, "a-key-o")));
        Assert.That((await context.ApiKeys.SingleAsync()).Hash, Is.EqualTo(_secrets.HashOf("a-key-of-the-operator")));
    }

    [Test]
    public async Task Run_InDevelopment_CreatesATestUserWithLimits()
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await NewStart(database).RunAsync(null, isDevelopment: true, None);

        await using var context = await database.Contexts.CreateDbContextAsync();
        var user = await context.Users.Include(each => each.Quota).SingleAsync(each => each.Name == "test");

        Assert.That(user.Quota!.Limits, Is.EqualTo(new QuotaLimits(100, 1000, Money.NanoUsdPerUsd)));
    }

    [Test]
    public async Task Run_WhenManyProcessesStartAtOnce_OneCreatesTheAdministrator()
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(
            _ => Task.Run(() => NewStart(database).RunAsync(null, isDevelopment: true, None))));

        await using var context = await database.Contexts.CreateDbContextAsync();

        Assert.That(results.Count(made => made is not null), Is.EqualTo(1));
        Assert.That((await context.Users.CountAsync(), await context.ApiKeys.CountAsync()), Is.EqualTo((2, 1)));
    }

    private FirstStart NewStart(TestDatabase database) => new(database.Contexts, _secrets, new FakeTimeProvider());
}
