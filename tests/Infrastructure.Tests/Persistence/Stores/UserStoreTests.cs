using AiGateway.Application.Administration;
using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence;
using AiGateway.Infrastructure.Persistence.Stores;
using AiGateway.Infrastructure.Tests.Persistence.Databases;
using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Tests.Persistence.Stores;

[TestFixture(DatabaseKind.Sqlite)]
[TestFixture(DatabaseKind.Postgres)]
[TestFixture(DatabaseKind.SqlServer)]
internal sealed class UserStoreTests(DatabaseKind kind)
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 15, 12, 0, 0, TimeSpan.Zero);
    private static readonly CancellationToken None = CancellationToken.None;

    [Test]
    public async Task Add_WhenFoundAgain_IsTheSameUser()
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var store = new UserStore(database.Contexts);
        var user = NewUser(Noon.AddMilliseconds(7), "Zoë 🙂", "issuer|subject");
        await store.AddAsync(user, Actor.Operator, None);

        var found = (await store.FindAsync(user.Id, None))!;

        Assert.That(
            (found.Name, found.ExternalId, found.Disabled, found.CreatedAt),
            Is.EqualTo(("Zoë 🙂", "issuer|subject", false, Noon.AddMilliseconds(7))));
        Assert.That(await store.FindAsync(Guid.CreateVersion7(Noon), None), Is.Null);
    }

    [Test]
    public async Task List_WhenTimesAreEqual_PagesThroughAllOfThemOnce()
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var store = new UserStore(database.Contexts);
        var users = Enumerable.Range(0, 9).Select(i => NewUser(Noon.AddSeconds(i / 4), $"user {i}")).ToList();
        foreach (var user in Enumerable.Reverse(users)) await store.AddAsync(user, Actor.Operator, None);

        var seen = new List<User>();
        Guid? after = null;
        for (var page = await store.ListAsync(new(AdminReach.Everything, after, 2), None); page.Count > 0; page = await store.ListAsync(new(AdminReach.Everything, after, 2), None))
        {
            Assert.That(page, Has.Count.LessThanOrEqualTo(2));
            seen.AddRange(page);
            after = page[^1].Id;
        }

        Assert.That(seen.Select(user => user.Id), Is.EquivalentTo(users.Select(user => user.Id)));
        Assert.That(seen.Select(user => user.CreatedAt), Is.Ordered);
        Assert.That(await store.ListAsync(new(AdminReach.Everything, Guid.CreateVersion7(Noon), 2), None), Is.Empty, "after the last user there is no further user");
    }

    [Test]
    public async Task Update_WhenAPartIsGiven_ChangesThatPartAlone()
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var store = new UserStore(database.Contexts);
        var user = NewUser(Noon, "old");
        await store.AddAsync(user, Actor.Operator, None);

        Assert.That((await store.UpdateAsync(user.Id, null, true, Actor.Operator, Noon, None))!.Name, Is.EqualTo("old"));
        Assert.That((await store.UpdateAsync(user.Id, "new", null, Actor.Operator, Noon, None))!.Disabled, Is.True);
        Assert.That((await store.FindAsync(user.Id, None))!.Name, Is.EqualTo("new"));
        Assert.That(await store.UpdateAsync(Guid.CreateVersion7(Noon), "x", null, Actor.Operator, Noon, None), Is.Null);
    }

    [Test]
    public async Task AddIfNew_OfOneSubjectConcurrently_AddsOneRow()
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var store = new UserStore(database.Contexts);
        await Task.WhenAll(Enumerable.Range(0, 16).Select(
            i => Task.Run(() => store.AddIfNewAsync(NewUser(Noon, $"user {i}", "issuer|subject"), new TokenUserSettings(), None))));

        await using var context = await database.Contexts.CreateDbContextAsync();
        Assert.That(await context.Users.CountAsync(), Is.EqualTo(1));
    }

    [Test]
    public async Task AddIfNew_WhenManySubjectsArriveAtOnce_StopsAtTheLimitExactly()
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var store = new UserStore(database.Contexts);
        var settings = new TokenUserSettings { MaxUsers = 5, Limits = new QuotaLimits(1, null, 3) };
        await store.AddAsync(NewUser(Noon, "made by an administrator"), Actor.Operator, None);

        var added = await Task.WhenAll(Enumerable.Range(0, 16).Select(
            i => Task.Run(() => store.AddIfNewAsync(NewUser(Noon, $"user {i}", $"issuer|{i}"), settings, None))));

        await using var context = await database.Contexts.CreateDbContextAsync();
        var users = await context.Users.Include(user => user.Quota).Where(user => user.ExternalId != null).ToListAsync();
        Assert.That(users, Has.Count.EqualTo(5));
        Assert.That(added.Count(isThere => isThere), Is.EqualTo(5));
        Assert.That(users.Select(user => user.Quota!.Limits), Is.All.EqualTo(settings.Limits));
        Assert.That(await store.AddIfNewAsync(NewUser(Noon, "again", users[0].ExternalId), settings, None), Is.True, "an existing user is accepted at the limit");
    }

    [Test]
    public async Task Add_WhenSubjectsDifferInCase_TheyAreTwoUsers()
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var store = new UserStore(database.Contexts);
        await store.AddIfNewAsync(NewUser(Noon, "a", "issuer|a"), new TokenUserSettings(), None);
        await store.AddIfNewAsync(NewUser(Noon, "A", "issuer|A"), new TokenUserSettings(), None);

        Assert.That(await store.ListAsync(new(AdminReach.Everything, null, 10), None), Has.Count.EqualTo(2));
    }

    [Test]
    public async Task SavePreference_ConcurrentlyAndAgain_KeepsTheLastValue()
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var store = new UserStore(database.Contexts);
        var user = NewUser(Noon, "someone");
        await store.AddAsync(user, Actor.Operator, None);
        Assert.That(await store.FindPreferenceAsync(user.Id, None), Is.Null);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => store.SavePreferenceAsync(Preference("first"), None))));
        await store.SavePreferenceAsync(Preference("second"), None);

        var found = (await store.FindPreferenceAsync(user.Id, None))!;
        Assert.That((found.Model, found.Provider, found.UpdatedAt), Is.EqualTo(("second", (string?)null, Noon)));

        UserModelPreference Preference(string model) => new() { UserId = user.Id, Model = model, UpdatedAt = Noon };
    }

    private static User NewUser(DateTimeOffset createdAt, string name, string? externalId = null) =>
        new() { Id = Guid.CreateVersion7(createdAt), Name = name, ExternalId = externalId, CreatedAt = createdAt };
}
