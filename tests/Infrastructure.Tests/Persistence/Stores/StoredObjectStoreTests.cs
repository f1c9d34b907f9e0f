using AiGateway.Application.Administration;
using AiGateway.Application.StoredResponses;
using AiGateway.Domain;
using AiGateway.Infrastructure.Ledger;
using AiGateway.Infrastructure.Persistence;
using AiGateway.Infrastructure.Persistence.Engines;
using AiGateway.Infrastructure.Persistence.Stores;
using AiGateway.Infrastructure.Tests.Persistence.Databases;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AiGateway.Infrastructure.Tests.Persistence.Stores;

/// <summary>Stored objects are looked up and recorded while a request waits. The wait is bounded.</summary>
internal sealed class StoredObjectStoreTests
{
    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(60);
    private static readonly DateTimeOffset Noon = new(2026, 11, 15, 12, 0, 0, TimeSpan.Zero);
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly LedgerSettings Ledger = new();
    private readonly FakeTimeProvider _clock = new(Noon);

    [Test]
    public async Task Find_WhenTheDatabaseDoesNotAnswer_IsUnavailableAfterTheLedgersTimeout()
    {
        using var contexts = new FrozenContexts();
        var found = new StoredObjectStore(contexts, Ledger, _clock).FindAsync(Guid.Empty, ["resp_1"], None);

        _clock.Advance(Ledger.CommitTimeout - TimeSpan.FromTicks(1));
        Assert.That(found.IsCompleted, Is.False);
        _clock.Advance(TimeSpan.FromTicks(1));

        await Assert.ThrowsAsync<LedgerUnavailableException>(() => found.WaitAsync(LongEnough));
    }

    [Test]
    public async Task Add_WhenTheDatabaseDoesNotAnswer_FailsAfterTheLedgersTimeout()
    {
        using var contexts = new FrozenContexts();
        var added = new StoredObjectStore(contexts, Ledger, _clock).AddAsync([NewObject(Guid.Empty)], None);

        _clock.Advance(Ledger.CommitTimeout);

        await Assert.ThrowsAsync<TimeoutException>(() => added.WaitAsync(LongEnough));
    }

    [Test]
    public async Task Remove_WhenTheDatabaseDoesNotAnswer_IsUnavailableAfterTheLedgersTimeout()
    {
        using var contexts = new FrozenContexts();
        var removed = new StoredObjectStore(contexts, Ledger, _clock).RemoveAsync(Guid.Empty, "resp_1", None);

        _clock.Advance(Ledger.CommitTimeout);

        await Assert.ThrowsAsync<LedgerUnavailableException>(() => removed.WaitAsync(LongEnough));
    }

    [Test]
    public async Task Add_WhileAnotherWriterLocksTheFile_FailsBeforeTheDriversTimeout()
    {
        await using var database = await TestDatabase.CreateAsync();
        var user = Guid.CreateVersion7(Noon);
        await new UserStore(database.Contexts).AddAsync(new User { Id = user, Name = "someone", CreatedAt = Noon }, Actor.Operator, None);
        var store = new StoredObjectStore(database.Contexts, new LedgerSettings { CommitTimeout = TimeSpan.FromMilliseconds(100) }, TimeProvider.System);
        await using (await database.LockAsync())
            await Assert.ThrowsAsync<TimeoutException>(() => store.AddAsync([NewObject(user)], None));
    }

    [TestCaseSource(typeof(TestDatabase), nameof(TestDatabase.Kinds))]
    public async Task FindForeign_AmongMoreIdsThanAStatementTakes_ReturnsThoseOfOtherUsersAlone(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind, alone: false);
        var (own, other) = (Guid.CreateVersion7(Noon), Guid.CreateVersion7(Noon.AddTicks(10_000)));
        foreach (var user in (Guid[])[own, other])
            await new UserStore(database.Contexts).AddAsync(new User { Id = user, Name = "someone", CreatedAt = Noon }, Actor.Operator, None);
        var store = new StoredObjectStore(database.Contexts, Ledger, TimeProvider.System);
        var (mine, theirs) = ($"fc_{own:N}", $"fc_{other:N}");
        await store.AddAsync([NewObject(own, mine)], None);
        await store.AddAsync([NewObject(other, theirs)], None);
        string[] ids = [.. Enumerable.Range(0, 40_000).Select(i => $"fc_{i}"), mine, theirs];

        Assert.That(await store.FindForeignAsync(own, ids, None), Is.EqualTo([theirs]));
        Assert.That((await store.FindAsync(own, ids, None)).Select(each => each.Id), Is.EqualTo([mine]));
    }

    [TestCase(UsageStatus.Held, UsageSource.None, 7L)]
    [TestCase(UsageStatus.Settled, UsageSource.Provider, 7L)]
    [TestCase(UsageStatus.Settled, UsageSource.Counted, null, Description = "the provider may keep more than was delivered")]
    [TestCase(UsageStatus.Released, UsageSource.None, null)]
    public async Task Find_OfAnObject_HasTokensOnlyWhereTheyAreKnown(UsageStatus status, UsageSource source, long? tokens)
    {
        await using var database = await TestDatabase.CreateAsync();
        var user = Guid.CreateVersion7(Noon);
        await new UserStore(database.Contexts).AddAsync(new User { Id = user, Name = "someone", CreatedAt = Noon }, Actor.Operator, None);
        await using (var context = database.Contexts.CreateDbContext())
        {
            context.UsageRecords.Add(NewRecord(user, status, source));
            await context.SaveChangesAsync();
        }

        var store = new StoredObjectStore(database.Contexts, Ledger, TimeProvider.System);
        await store.AddAsync([NewObject(user)], None);

        Assert.That(await store.FindAsync(user, ["resp_1"], None), Is.EqualTo([new OwnedObject("resp_1", "openai", tokens, "m-asked", "m-answered")]));
    }

    [Test]
    public async Task Find_WhenTheDatabaseIsOutOfReach_IsUnavailable()
    {
        var settings = new DatabaseSettings { ConnectionString = "Data Source=/nowhere/at/all.db" };
        var store = new StoredObjectStore(new GatewayContextFactory(settings, new SqliteFile(settings), NullLoggerFactory.Instance), Ledger, _clock);

        await Assert.ThrowsAsync<LedgerUnavailableException>(() => store.FindAsync(Guid.Empty, ["resp_1"], None));
    }

    private static UsageRecord NewRecord(Guid user, UsageStatus status, UsageSource source) => new()
    {
        Id = user,
        UserId = user,
        CreatedAt = Noon,
        Day = new DateOnly(2026, 11, 15),
        Month = new DateOnly(2026, 11, 1),
        Operation = ModelOperation.Responses,
        RequestedModel = "m-asked",
        Model = "m-answered",
        Provider = "openai",
        Status = status,
        UsageSource = source,
        PromptTokens = 5,
        CompletionTokens = 2,
        PriceVersion = "1",
        LeaseExpiresAt = Noon,
    };

    private static StoredObject NewObject(Guid user, string id = "resp_1") =>
        new() { Id = id, UserId = user, RequestId = user, Provider = "openai", CreatedAt = Noon };

    /// <summary>A database that never answers. As SQLite's driver does, it blocks the calling thread.</summary>
    private sealed class FrozenContexts : IDbContextFactory<GatewayContext>, IDisposable
    {
        private readonly ManualResetEventSlim _isOver = new();

        public GatewayContext CreateDbContext()
        {
            _isOver.Wait(LongEnough);
            throw new IOException("It was frozen for good.");
        }

        public void Dispose() => _isOver.Set();
    }
}
