using AiGateway.Infrastructure.Callers;
using AiGateway.Infrastructure.Ledger;
using AiGateway.Infrastructure.Persistence;
using AiGateway.Infrastructure.Persistence.Stores;
using AiGateway.Infrastructure.Tests.Persistence.Databases;
using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Tests.Callers;

/// <summary>Databases differ in whether trailing blanks count. Different subjects are never one user.</summary>
[TestFixture(DatabaseKind.Sqlite)]
[TestFixture(DatabaseKind.Postgres)]
[TestFixture(DatabaseKind.SqlServer)]
internal sealed class TrailingBlankTests(DatabaseKind kind)
{
    private static readonly CancellationToken None = CancellationToken.None;

    [TestCase("alice ")]
    [TestCase("alice  ")]
    [TestCase(" ")]
    public async Task FindBySubject_WhenItEndsInABlank_IsNullAndCreatesNoUser(string subject)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var directory = NewDirectory(database);
        var issuer = $"https://issuer.example/{Guid.CreateVersion7(TimeProvider.System.GetUtcNow())}";
        var alice = (await directory.FindBySubjectAsync(issuer, "alice", null, default, [], None))!;

        Assert.That(await directory.FindBySubjectAsync(issuer, subject, null, default, [], None), Is.Null);
        await using var context = await database.Contexts.CreateDbContextAsync();
        Assert.That((await context.Users.SingleAsync()).Id, Is.EqualTo(alice.UserId));
    }

    /// <summary>Such a row may come from an older gateway or from an administrator. The database may treat trailing blanks as significant.</summary>
    [Test]
    public async Task FindBySubject_WhenTheStoredSubjectDiffersInABlank_IsNotThatUser()
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var directory = NewDirectory(database);
        var other = (await directory.FindBySubjectAsync("https://issuer.example", "alice", null, default, [], None))!;
        await database.TamperAsync("UPDATE users SET external_id = 'https://issuer.example|alice ' WHERE external_id = 'https://issuer.example|alice'");
        directory.Forget();

        var alice = await directory.FindBySubjectAsync("https://issuer.example", "alice", null, default, [], None);

        Assert.That(alice?.UserId, Is.Not.EqualTo(other.UserId));
    }

    private static CallerDirectory NewDirectory(TestDatabase database)
    {
        var users = new UserStore(database.Contexts);
        return new CallerDirectory(new CallerQueries(database.Contexts, users, new TokenUserSettings(), TimeProvider.System), new LedgerSettings(), TimeProvider.System);
    }
}
