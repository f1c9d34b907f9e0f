using AiGateway.Application.Administration;
using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence;
using AiGateway.Infrastructure.Persistence.Stores;
using AiGateway.Infrastructure.Tests.Persistence.Databases;

namespace AiGateway.Infrastructure.Tests.Persistence.Stores;

[TestFixture(DatabaseKind.Sqlite)]
[TestFixture(DatabaseKind.Postgres)]
[TestFixture(DatabaseKind.SqlServer)]
internal sealed class ApiKeyStoreTests(DatabaseKind kind)
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 15, 12, 0, 0, TimeSpan.Zero);
    private static readonly CancellationToken None = CancellationToken.None;
    private byte _lastHash;

    [Test]
    public async Task List_OfOneUserAndOfAll_PagesOldestFirst()
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var (store, alice, bob) = await OpenAsync(database);
        var keys = new[] { NewKey(alice, 0), NewKey(bob, 1), NewKey(alice, 1), NewKey(alice, 2) };
        foreach (var key in keys) await store.AddAsync(key, Actor.Operator, None);

        Assert.That(Ids(await store.ListAsync(new(AdminReach.Everything, alice, null, 2), None)), Is.EqualTo(Ids([keys[0], keys[2]])));
        Assert.That(Ids(await store.ListAsync(new(AdminReach.Everything, alice, keys[2].Id, 2), None)), Is.EqualTo(Ids([keys[3]])));
        var all = await store.ListAsync(new(AdminReach.Everything, null, keys[0].Id, 10), None);
        Assert.That(Ids(all), Is.EquivalentTo(Ids(keys[1..])));
        Assert.That(all[^1].Id, Is.EqualTo(keys[3].Id));
        Assert.That(all[^1].Hash, Is.EqualTo(keys[3].Hash));
    }

    [Test]
    public async Task Revoke_WhenRepeated_KeepsTheFirstInstant()
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var (store, alice, _) = await OpenAsync(database);
        var key = NewKey(alice, 0);
        await store.AddAsync(key, Actor.Operator, None);

        Assert.That(await store.RevokeAsync(key.Id, Actor.Operator, Noon, None), Is.True);
        Assert.That(await store.RevokeAsync(key.Id, Actor.Operator, Noon.AddHours(1), None), Is.True);
        Assert.That((await store.ListAsync(new(AdminReach.Everything, alice, null, 1), None))[0].RevokedAt, Is.EqualTo(Noon));
        Assert.That(await store.RevokeAsync(alice, Actor.Operator, Noon, None), Is.False, "a user's id is not the id of a key");
    }

    private static async Task<(ApiKeyStore Store, Guid Alice, Guid Bob)> OpenAsync(TestDatabase database)
    {
        var (alice, bob) = (Guid.CreateVersion7(Noon), Guid.CreateVersion7(Noon));
        var users = new UserStore(database.Contexts);
        await users.AddAsync(new User { Id = alice, Name = "alice", CreatedAt = Noon }, Actor.Operator, None);
        await users.AddAsync(new User { Id = bob, Name = "bob", CreatedAt = Noon }, Actor.Operator, None);
        return (new ApiKeyStore(database.Contexts), alice, bob);
    }

    private ApiKey NewKey(Guid user, int seconds) => new()
    {
        Id = Guid.CreateVersion7(Noon.AddSeconds(seconds)),
        UserId = user,
        Name = "key",
        Prefix = "agw_12345678",
        Hash = [.. Enumerable.Repeat(++_lastHash, 32)],
        Scopes = Scopes.Generate,
        CreatedAt = Noon.AddSeconds(seconds),
    };

    private static IEnumerable<Guid> Ids(IEnumerable<ApiKey> keys) => keys.Select(key => key.Id);
}
