using AiGateway.Application.Administration;
using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence;
using AiGateway.Infrastructure.Persistence.Engines;
using AiGateway.Infrastructure.Persistence.Stores;
using AiGateway.Infrastructure.Tests.Persistence.Databases;
using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Tests.Persistence.Stores;

[TestFixture(DatabaseKind.Sqlite)]
[TestFixture(DatabaseKind.Postgres)]
[TestFixture(DatabaseKind.SqlServer)]
internal sealed class LastAdministratorTests(DatabaseKind kind)
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 15, 12, 0, 0, TimeSpan.Zero);
    private static readonly CancellationToken None = CancellationToken.None;
    private byte _lastHash;

    [Test]
    public async Task Revoke_WhenAllAdministratorsDoItAtOnce_LeavesExactlyOne()
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var keys = new List<ApiKey>();
        for (var i = 0; i < 12; i++) keys.Add(await AddAsync(database, Scopes.Admin));

        // Each call has its own store, as on replicas that share a database.
        var revoked = await Task.WhenAll(keys.Select(key => Task.Run(() => TryAsync(() => new ApiKeyStore(database.Contexts).RevokeAsync(key.Id, Actor.Operator, Noon, None)))));

        Assert.That(revoked.Count(isDone => isDone), Is.EqualTo(11));
        await using var context = await database.Contexts.CreateDbContextAsync();
        Assert.That(await context.ApiKeys.CountAsync(key => key.RevokedAt == null), Is.EqualTo(1));
    }

    [Test]
    public async Task RevokeAndDisable_WhenMixedAtOnce_LeaveOneKeyOfAnEnabledUser()
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var keys = new List<ApiKey>();
        for (var i = 0; i < 12; i++) keys.Add(await AddAsync(database, "ai:generate ai:admin"));

        await Task.WhenAll(keys.Select((key, i) => Task.Run(() => TryAsync(() => i % 2 == 0
            ? new ApiKeyStore(database.Contexts).RevokeAsync(key.Id, Actor.Operator, Noon, None)
            : new UserStore(database.Contexts).UpdateAsync(key.UserId, null, disabled: true, Actor.Operator, Noon, None)))));

        await using var context = await database.Contexts.CreateDbContextAsync();
        Assert.That(await context.ApiKeys.CountAsync(key => key.RevokedAt == null && !key.User!.Disabled), Is.EqualTo(1));
    }

    [Test]
    public async Task Revoke_WhenTheOtherKeysAreExpiredOrNotForAdministration_IsRefused()
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var store = new ApiKeyStore(database.Contexts);
        var last = await AddAsync(database, "ai:generate ai:admin");
        await AddAsync(database, Scopes.Generate);
        await AddAsync(database, "ai:admin:team ai:administrator xai:admin");
        await AddAsync(database, Scopes.Admin, expiresAt: Noon);

        await Assert.ThrowsAsync<LastAdministratorException>(() => store.RevokeAsync(last.Id, Actor.Operator, Noon, None));

        await AddAsync(database, Scopes.Admin, expiresAt: Noon.AddMilliseconds(1));
        Assert.That(await store.RevokeAsync(last.Id, Actor.Operator, Noon, None), Is.True);
    }

    [Test]
    public async Task Disable_WhenTheUserHasTheOnlyTwoKeys_IsRefused()
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var first = await AddAsync(database, Scopes.Admin);
        var second = await AddAsync(database, Scopes.Admin, user: first.UserId);

        await Assert.ThrowsAsync<LastAdministratorException>(
            () => new UserStore(database.Contexts).UpdateAsync(first.UserId, "new", disabled: true, Actor.Operator, Noon, None));

        Assert.That(await new ApiKeyStore(database.Contexts).RevokeAsync(second.Id, Actor.Operator, Noon, None), Is.True, "the first key remains");
        Assert.That((await new UserStore(database.Contexts).FindAsync(first.UserId, None))!.Name, Is.EqualTo("someone"));
    }

    [Test]
    public async Task RevokeAndDisable_WhenNoAdministratorExisted_Succeed()
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var expired = await AddAsync(database, Scopes.Admin, expiresAt: Noon);
        var ordinary = await AddAsync(database, Scopes.Generate);

        Assert.That(await new ApiKeyStore(database.Contexts).RevokeAsync(expired.Id, Actor.Operator, Noon, None), Is.True);
        Assert.That((await new UserStore(database.Contexts).UpdateAsync(ordinary.UserId, null, disabled: true, Actor.Operator, Noon, None))!.Disabled, Is.True);
    }

    [Test]
    public void Lock_OnSqlServer_IsValidTransactSql() =>
        Assert.That(TransactSql.FaultsIn(SqlServerContext.TakeLock.Replace("{0}", "@p0", StringComparison.Ordinal)), Is.Empty);

    private static async Task<bool> TryAsync(Func<Task> change)
    {
        try
        {
            await change();
            return true;
        }
        catch (LastAdministratorException)
        {
            return false;
        }
    }

    private async Task<ApiKey> AddAsync(TestDatabase database, string scopes, DateTimeOffset? expiresAt = null, Guid? user = null)
    {
        var userId = user ?? Guid.CreateVersion7(Noon);
        if (user is null) await new UserStore(database.Contexts).AddAsync(new User { Id = userId, Name = "someone", CreatedAt = Noon }, Actor.Operator, None);
        var key = new ApiKey
        {
            Id = Guid.CreateVersion7(Noon),
            UserId = userId,
            Name = "key",
            Prefix = "agw_12345678",
            Hash = [.. Enumerable.Repeat(++_lastHash, 32)],
            Scopes = scopes,
            CreatedAt = Noon,
            ExpiresAt = expiresAt,
        };
        await new ApiKeyStore(database.Contexts).AddAsync(key, Actor.Operator, None);
        return key;
    }
}
