using AiGateway.Application.Administration;
using AiGateway.Application.Users;
using AiGateway.Domain;
using AiGateway.Infrastructure.Callers;
using AiGateway.Infrastructure.Ledger;
using AiGateway.Infrastructure.Persistence;
using AiGateway.Infrastructure.Persistence.Engines;
using AiGateway.Infrastructure.Persistence.Stores;
using AiGateway.Infrastructure.Tests.Persistence.Databases;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AiGateway.Infrastructure.Tests.Callers;

internal sealed class CallerDirectoryTests
{
    private const string Secret = "agw_a-secret-of-the-tests";
    private const string OtherSecret = "agw_another-secret-of-the-tests";
    private const string Issuer = "https://issuer.example";
    private static readonly DateTimeOffset Noon = new(2026, 11, 15, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid UserId = Guid.CreateVersion7(Noon);
    private static readonly Guid OtherId = Guid.CreateVersion7(Noon);
    private static readonly Guid KeyId = Guid.CreateVersion7(Noon.AddMilliseconds(1));
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly LedgerSettings Ledger = new();
    private readonly ApiKeySecrets _secrets = new();
    private TestDatabase _database = null!;
    private FakeTimeProvider _clock = null!;
    private CallerDirectory _directory = null!;

    [SetUp]
    public async Task OpenAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _clock = new FakeTimeProvider(Noon);
        _directory = NewDirectory(_database.Contexts);
        await using var context = await _database.Contexts.CreateDbContextAsync();
        context.Users.Add(new User { Id = UserId, Name = "someone", CreatedAt = Noon });
        context.ApiKeys.Add(new ApiKey
        {
            Id = KeyId,
            UserId = UserId,
            Name = "key",
            Prefix = "agw_a-se",
            Hash = _secrets.HashOf(Secret),
            Scopes = "ai:generate ai:usage ai:admin:team ai:admin",
            CreatedAt = Noon,
            ExpiresAt = Noon.AddHours(1),
        });

        // Another administrator must exist before the first one may be removed.
        context.Users.Add(new User { Id = OtherId, Name = "another", CreatedAt = Noon });
        context.ApiKeys.Add(new ApiKey
        {
            Id = Guid.CreateVersion7(Noon.AddMilliseconds(2)),
            UserId = OtherId,
            Name = "key",
            Prefix = "agw_anot",
            Hash = _secrets.HashOf(OtherSecret),
            Scopes = "ai:admin",
            CreatedAt = Noon,
        });
        await context.SaveChangesAsync();
    }

    [TearDown]
    public async Task CloseAsync() => await _database.DisposeAsync();

    [Test]
    public async Task FindByKey_WhenTheKeyIsValid_IsItsUserWithScopesAndPreference()
    {
        await new UserStore(_database.Contexts).SavePreferenceAsync(
            new UserModelPreference { UserId = UserId, Model = "gpt-x", Provider = "echo" }, None);

        var caller = (await _directory.FindByKeyAsync(Secret, null, None))!;

        Assert.That(
            (caller.UserId, caller.UserName, caller.ApiKeyId, caller.PreferredModel, caller.PreferredProvider),
            Is.EqualTo((UserId, "someone", (Guid?)KeyId, "gpt-x", "echo")));
        Assert.That(caller.Scopes, Is.EqualTo(Scopes.All));
    }

    [Test]
    public async Task FindByKey_WhenCalledAgain_AnswersFromItsCache()
    {
        var first = await _directory.FindByKeyAsync(Secret, null, None);
        var again = _directory.Recall(Secret);

        Assert.That(again, Is.EqualTo(new RecalledKey(IsKnown: true, first, WasGood: true)));
    }

    [TestCase("")]
    [TestCase("agw_another-secret")]
    [TestCase("agw_A-SECRET-OF-THE-TESTS")]
    public async Task FindByKey_WhenTheKeyIsUnknown_IsNull(string secret) =>
        Assert.That(await _directory.FindByKeyAsync(secret, null, None), Is.Null);

    [Test]
    public async Task FindByKey_WhenTheSecretIsTooLong_IsNullAndNotCached()
    {
        Assert.That(await _directory.FindByKeyAsync(new string('k', KeyHash.MaxSecretLength + 1), null, None), Is.Null);
        Assert.That(_directory.Remembered, Is.Zero);
        Assert.That(await _directory.FindByKeyAsync(new string('€', KeyHash.MaxSecretLength), null, None), Is.Null);
    }

    [Test]
    public async Task FindByKey_WhenRevokedByAnotherGateway_IsRefusedAfterTheStatedTime()
    {
        await _directory.FindByKeyAsync(Secret, null, None);
        await new ApiKeyStore(_database.Contexts).RevokeAsync(KeyId, Actor.Operator, Noon, None);
        _clock.Advance(CallerDirectory.Staleness - TimeSpan.FromTicks(1));
        Assert.That(await _directory.FindByKeyAsync(Secret, null, None), Is.Not.Null);

        _clock.Advance(TimeSpan.FromTicks(1));

        Assert.That(await _directory.FindByKeyAsync(Secret, null, None), Is.Null);
    }

    [Test]
    public async Task FindByKey_WhenForgotten_SeesTheChangeAtOnce()
    {
        await _directory.FindByKeyAsync(Secret, null, None);
        await new UserStore(_database.Contexts).UpdateAsync(UserId, null, disabled: true, Actor.Operator, Noon, None);
        _directory.Forget();
        Assert.That(await _directory.FindByKeyAsync(Secret, null, None), Is.Null, "a disabled user is not found");

        await new UserStore(_database.Contexts).UpdateAsync(UserId, null, disabled: false, Actor.Operator, Noon, None);
        _directory.Forget();

        Assert.That(await _directory.FindByKeyAsync(Secret, null, None), Is.Not.Null);
    }

    [Test]
    public async Task Forget_OfOneUser_SeesTheirChangeAtOnceAndKeepsTheOthers()
    {
        await _directory.FindByKeyAsync(Secret, null, None);
        var other = await _directory.FindByKeyAsync(OtherSecret, null, None);
        await _directory.FindByKeyAsync("agw_unknown", null, None);
        var subject = (await _directory.FindBySubjectAsync(Issuer, "subject", null, default, [], None))!;
        await PreferAsync(UserId);
        await PreferAsync(subject.UserId);

        _directory.Forget(UserId);
        Assert.That(_directory.Remembered, Is.EqualTo(3));
        Assert.That((await _directory.FindByKeyAsync(Secret, null, None))!.PreferredModel, Is.EqualTo("gpt-x"));
        Assert.That(await _directory.FindByKeyAsync(OtherSecret, null, None), Is.SameAs(other), "from memory");

        _directory.Forget(subject.UserId);
        Assert.That((await _directory.FindBySubjectAsync(Issuer, "subject", null, default, [], None))!.PreferredModel, Is.EqualTo("gpt-x"));

        Task PreferAsync(Guid user) => new UserStore(_database.Contexts).SavePreferenceAsync(new UserModelPreference { UserId = user, Model = "gpt-x" }, None);
    }

    [Test]
    public async Task Forget_WhileAQueryRuns_QueriesAgain()
    {
        var answers = new Queue<TaskCompletionSource<int>>([new(), new()]);
        var (old, fresh) = (answers.ToArray()[0], answers.ToArray()[1]);
        var asked = new TaskCompletionSource();
        var lookups = new LookupCache<int, int>(100, CallerDirectory.Staleness, _clock, (_, _) =>
        {
            var next = answers.Dequeue();
            asked.TrySetResult();
            return next.Task;
        });
        var before = lookups.GetAsync(1, null, None).AsTask();
        await asked.Task;

        lookups.Remove(answer => answer == 7);
        var after = lookups.GetAsync(1, null, None).AsTask();
        old.SetResult(1);
        await before;
        fresh.SetResult(2);

        Assert.That(await after, Is.EqualTo(2), "the caller may have changed after the first query was answered");
    }

    [Test]
    public async Task FindBySubject_WhenTheUserLimitIsReached_IsDeniedAndCached()
    {
        var directory = NewDirectory(_database.Contexts, maxUsers: 1);
        await directory.FindBySubjectAsync(Issuer, "first", null, default, [], None);

        for (var i = 0; i < 2; i++)
        {
            var failure = await Assert.ThrowsAsync<AiGatewayException>(() => directory.FindBySubjectAsync(Issuer, "second", null, default, [], None).AsTask());
            Assert.That(failure!.Code, Is.EqualTo(ErrorCode.PermissionDenied));
        }

        Assert.That(directory.Remembered, Is.EqualTo(2));
    }

    [Test]
    public async Task FindByKey_WhenTheKeyExpiresWhileCached_IsRefusedFromThatInstant()
    {
        _clock.Advance(TimeSpan.FromHours(1) - TimeSpan.FromMilliseconds(1));
        Assert.That(await _directory.FindByKeyAsync(Secret, null, None), Is.Not.Null);

        _clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.That(await _directory.FindByKeyAsync(Secret, null, None), Is.Null);
    }

    [Test]
    public async Task Recall_WhenTheKeyWasValidWithinFiveMinutes_SaysSoUntilItIsRefused()
    {
        Assert.That(_directory.Recall(Secret), Is.EqualTo(default(RecalledKey)));
        await _directory.FindByKeyAsync(Secret, null, None);
        _clock.Advance(GoodKeys.Memory - TimeSpan.FromTicks(1));
        Assert.That(_directory.Recall(Secret), Is.EqualTo(new RecalledKey(IsKnown: false, null, WasGood: true)));
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.That(_directory.Recall(Secret).WasGood, Is.False);

        await _directory.FindByKeyAsync(Secret, null, None);
        await new ApiKeyStore(_database.Contexts).RevokeAsync(KeyId, Actor.Operator, Noon, None);
        _directory.Forget();
        Assert.That(_directory.Recall(Secret).WasGood, Is.True);
        await _directory.FindByKeyAsync(Secret, null, None);
        Assert.That(_directory.Recall(Secret), Is.EqualTo(new RecalledKey(IsKnown: true, null, WasGood: false)));
    }

    [Test]
    public async Task FindByKey_WhenManyKeysAreTried_CachesABoundedNumber()
    {
        var lookups = new LookupCache<int, int>(100, CallerDirectory.Staleness, _clock, (key, _) => Task.FromResult(key));
        for (var key = 0; key < 1000; key++)
        {
            Assert.That(await lookups.GetAsync(key, null, None), Is.EqualTo(key));
            Assert.That(lookups.Count, Is.LessThanOrEqualTo(100));
        }

        Assert.That(CallerDirectory.Capacity, Is.EqualTo(10_000));
    }

    [Test]
    public async Task Lookups_OfOneKeyAtOnce_ShareOneQuery()
    {
        var questions = 0;
        var answer = new TaskCompletionSource<int>();
        var lookups = new LookupCache<int, int>(100, CallerDirectory.Staleness, _clock, (_, _) =>
        {
            Interlocked.Increment(ref questions);
            return answer.Task;
        });
        Assert.That(lookups.IsPending(1), Is.False);
        var asked = Enumerable.Range(0, 20).Select(_ => lookups.GetAsync(1, null, None).AsTask()).ToList();
        Assert.That((lookups.IsPending(1), lookups.IsPending(2)), Is.EqualTo((true, false)));
        answer.SetResult(7);

        Assert.That(await Task.WhenAll(asked), Has.All.EqualTo(7));
        Assert.That(lookups.IsPending(1), Is.False);
        Assert.That(questions, Is.EqualTo(1));
    }

    [Test]
    public async Task FindByKey_WhenTheDatabaseIsOutOfReach_IsUnavailableAndNotCached()
    {
        var settings = new DatabaseSettings { ConnectionString = "Data Source=/nowhere/at/all.db" };
        var directory = NewDirectory(new GatewayContextFactory(settings, new SqliteFile(settings), NullLoggerFactory.Instance));
        for (var i = 0; i < 2; i++)
        {
            await Assert.ThrowsAsync<LedgerUnavailableException>(() => directory.FindByKeyAsync(Secret, null, None).AsTask());
        }
    }

    [Test]
    public async Task FindByKey_WhenTheDatabaseNeverAnswers_IsUnavailableAfterTheLedgersTimeout()
    {
        var answer = NewDirectory(new SilentContexts()).FindByKeyAsync(Secret, null, None).AsTask();

        _clock.Advance(Ledger.CommitTimeout);

        await Assert.ThrowsAsync<LedgerUnavailableException>(() => answer.WaitAsync(TimeSpan.FromSeconds(60)));
    }

    [Test]
    public async Task FindBySubject_WhenSeenForTheFirstTime_CreatesAUser()
    {
        var caller = (await _directory.FindBySubjectAsync(Issuer, "subject", "Ada", default, [Scopes.Generate], None))!;

        Assert.That((caller.UserName, caller.ApiKeyId), Is.EqualTo(("Ada", (Guid?)null)));
        Assert.That(caller.Scopes, Is.EqualTo((string[])[Scopes.Generate]));
        Assert.That((await FindUserAsync(caller.UserId)).ExternalId, Is.EqualTo($"{Issuer}|subject"));

        var again = (await _directory.FindBySubjectAsync(Issuer, "subject", "Ada", default, [Scopes.Admin], None))!;
        Assert.That(again.UserId, Is.EqualTo(caller.UserId));
        Assert.That(again.Scopes, Is.EqualTo((string[])[Scopes.Admin]), "the scopes are those of the second token");
    }

    [Test]
    public async Task FindBySubject_WhenManyProcessesSeeItAtOnce_IsOneUser()
    {
        var callers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(
            () => NewDirectory(_database.Contexts).FindBySubjectAsync(Issuer, "subject", null, default, [], None).AsTask())));

        Assert.That(callers.Select(caller => caller!.UserId).Distinct().Count(), Is.EqualTo(1));
    }

    [Test]
    public async Task FindBySubject_WhenTheNameCannotBeStoredWhole_StoresWhatFits()
    {
        var nameless = (await _directory.FindBySubjectAsync(Issuer, "subject-1", " ", default, [], None))!;
        var endless = (await _directory.FindBySubjectAsync(Issuer, "subject-2", "a\0b" + new string('c', 500), default, [], None))!;

        Assert.That(nameless.UserName, Is.EqualTo("subject-1"));
        Assert.That(endless.UserName, Has.Length.EqualTo(200));
        Assert.That(endless.UserName, Does.StartWith("abccc"));
        Assert.That((await _directory.FindBySubjectAsync(Issuer, "subject-3", "\u001b\r", default, [], None))!.UserName, Is.EqualTo("subject-3"));
        Assert.That((await _directory.FindBySubjectAsync(Issuer, "\u001b", null, default, [], None))!.UserName, Is.EqualTo("unnamed"));
    }

    [Test]
    public async Task FindBySubject_WhenDisabled_IsNull()
    {
        var caller = (await _directory.FindBySubjectAsync(Issuer, "subject", null, default, [], None))!;
        await new UserStore(_database.Contexts).UpdateAsync(caller.UserId, null, disabled: true, Actor.Operator, Noon, None);
        _directory.Forget();

        Assert.That(await _directory.FindBySubjectAsync(Issuer, "subject", null, default, [], None), Is.Null);
    }

    [Test]
    public async Task FindBySubject_WhenTheSubjectCannotBeStoredWhole_IsNull()
    {
        Assert.That(await _directory.FindBySubjectAsync(Issuer, new string('s', 600), null, default, [], None), Is.Null);
        Assert.That(await _directory.FindBySubjectAsync(Issuer, "a\0b", null, default, [], None), Is.Null);
        Assert.That(await _directory.FindBySubjectAsync(Issuer, "a\ud800", null, default, [], None), Is.Null);
    }

    private CallerDirectory NewDirectory(IDbContextFactory<GatewayContext> contexts, int maxUsers = 10) =>
        new(new CallerQueries(contexts, new UserStore(contexts), new TokenUserSettings { MaxUsers = maxUsers }, _clock), Ledger, _clock);

    private async Task<User> FindUserAsync(Guid id) => (await new UserStore(_database.Contexts).FindAsync(id, None))!;

    /// <summary>A database that never answers.</summary>
    private sealed class SilentContexts : IDbContextFactory<GatewayContext>
    {
        public GatewayContext CreateDbContext() => throw new NotSupportedException();

        public Task<GatewayContext> CreateDbContextAsync(CancellationToken cancellationToken = default) =>
            new TaskCompletionSource<GatewayContext>().Task;
    }
}
