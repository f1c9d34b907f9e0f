using AiGateway.Application.Administration;
using AiGateway.Application.Ledger;
using AiGateway.Application.Progress;
using AiGateway.Domain;
using AiGateway.Infrastructure.Ledger;
using AiGateway.Infrastructure.Ledger.Sql;
using AiGateway.Infrastructure.Ledger.Sql.Postgres;
using AiGateway.Infrastructure.Ledger.Sql.Sqlite;
using AiGateway.Infrastructure.Ledger.Sql.SqlServer;
using AiGateway.Infrastructure.Ledger.Writer;
using AiGateway.Infrastructure.Persistence;
using AiGateway.Infrastructure.Persistence.Stores;
using AiGateway.Infrastructure.Tests.Persistence.Databases;
using AiGateway.Infrastructure.Tests.Providers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AiGateway.Infrastructure.Tests.Ledger;

/// <summary>A ledger on a real database, and the operations of its tests.</summary>
internal sealed class TestLedger : IAsyncDisposable
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 15, 12, 0, 0, TimeSpan.Zero);
    private readonly LedgerSettings _settings;
    private readonly QuotaLimits _defaults;
    private readonly TimeProvider _time;
    private readonly Func<ILedgerDialect, ILedgerDialect> _wrap;
    private LedgerWriter _writer = null!;
    private long _lastId;

    private TestLedger(
        TestDatabase database, LedgerSettings settings, QuotaLimits defaults, TimeProvider? time, Func<ILedgerDialect, ILedgerDialect> wrap)
    {
        Database = database;
        _wrap = wrap;
        _settings = settings;
        _defaults = defaults;
        _time = time ?? Clock;
    }

    public TestDatabase Database { get; }

    /// <summary>Stays at <see cref="Noon"/> until it is advanced.</summary>
    public FakeTimeProvider Clock { get; } = new(Noon);

    /// <summary>What the writer logs.</summary>
    public CapturedLog<LedgerWriter> Log { get; } = new();

    public DatabaseLedger Ledger { get; private set; } = null!;

    /// <param name="kind">The engine.</param>
    /// <param name="settings">The ledger's settings.</param>
    /// <param name="defaults">Limits of users without own limits.</param>
    /// <param name="time">The real time for tests in which waits must end by themselves; null for <see cref="Clock"/>.</param>
    /// <param name="started">False to queue operations before the writer starts, and so to write them in one transaction.</param>
    /// <param name="dialect">Wraps the engine's dialect, to make it fail.</param>
    /// <param name="alone">Whether the test reads or changes more than the rows of its own users.</param>
    public static async Task<TestLedger> OpenAsync(
        DatabaseKind kind = DatabaseKind.Sqlite,
        LedgerSettings? settings = null,
        QuotaLimits? defaults = null,
        TimeProvider? time = null,
        bool started = true,
        Func<ILedgerDialect, ILedgerDialect>? dialect = null,
        bool alone = false)
    {
        var database = await TestDatabase.CreateAsync(kind, alone);
        var ledger = new TestLedger(database, settings ?? new LedgerSettings(), defaults ?? QuotaLimits.Unlimited, time, dialect ?? (real => real));
        ledger.Build();
        if (started) await ledger.StartAsync();
        return ledger;
    }

    public Task StartAsync() => _writer.StartAsync(CancellationToken.None);

    /// <param name="isLate">Whether the host's time for stopping is already used up.</param>
    public Task StopAsync(bool isLate = false) => _writer.StopAsync(new CancellationToken(isLate));

    /// <summary>Sets the clock forward. Timers do not run meanwhile: those of a month would run a hundred thousand times.</summary>
    public void Pass(TimeSpan time) => Clock.AdjustTime(Clock.GetUtcNow() + time);

    /// <summary>Kills the writer and starts a new one, as if the process were killed and started again.</summary>
    /// <param name="started">Whether the new writer is started.</param>
    /// <param name="dying">Called once the writer's thread has been told to end. The method then waits for the thread.</param>
    public async Task CrashAsync(bool started = true, Action? dying = null)
    {
        _writer.Dispose();
        dying?.Invoke();
        await StopAsync();
        Build();
        if (started) await StartAsync();
    }

    public async Task<Guid> AddUserAsync(QuotaLimits? limits = null)
    {
        var id = NextId();
        await new UserStore(Database.Contexts).AddAsync(new User { Id = id, Name = "someone", CreatedAt = Noon }, Actor.Operator, CancellationToken.None);
        if (limits is not null) await SetLimitsAsync(id, limits);
        return id;
    }

    public Task SetLimitsAsync(Guid user, QuotaLimits limits) =>
        new QuotaStore(Database.Contexts).SaveLimitsAsync(user, limits, Actor.Operator, Noon, CancellationToken.None);

    public Guid NextId() => Guid.CreateVersion7(Noon.AddMilliseconds(Interlocked.Increment(ref _lastId)));

    public Hold NewHold(Guid user, long held = 100, DateTimeOffset? at = null) => new()
    {
        RequestId = NextId(),
        UserId = user,
        ApiKeyId = null,
        At = at ?? _time.GetUtcNow(),
        Operation = ModelOperation.Chat,
        RequestedModel = "model-asked",
        Model = "model",
        Provider = "openai",
        Streamed = false,
        EndUser = "end-user",
        PromptTokens = 11,
        MaxCompletionTokens = 22,
        HeldNanoUsd = held,
        HeldTokens = 33,
        PriceVersion = "prices-1",
    };

    /// <summary>Makes a hold that must be granted.</summary>
    public async Task<Guid> HoldAsync(Guid user, long held = 100, DateTimeOffset? at = null)
    {
        var hold = NewHold(user, held, at);
        Assert.That((await Ledger.HoldAsync(hold, CancellationToken.None)).IsGranted, Is.True, "the hold is granted");
        return hold.RequestId;
    }

    public async Task<QuotaRefusal?> TryHoldAsync(Guid user, long held = 100, DateTimeOffset? at = null) =>
        (await Ledger.HoldAsync(NewHold(user, held, at), CancellationToken.None)).Refusal;

    public Task SettleAsync(Guid id, long cost) => Ledger.SettleAsync(Settled(id, cost));

    public Task ReleaseAsync(Guid id) => Ledger.SettleAsync(Released(id));

    /// <summary>Returns once everything that was given to the writer before is written.</summary>
    public Task FlushAsync() => ReleaseAsync(NextId());

    /// <summary>Lets a lease expire that no gateway renews, and waits for the sweep.</summary>
    public async Task ExpireAsync()
    {
        await CrashAsync();
        Clock.Advance(_settings.HoldLease + TimeSpan.FromMilliseconds(1));
        await FlushAsync();
    }

    public static Settlement Settled(Guid id, long cost) => new()
    {
        RequestId = id,
        Status = UsageStatus.Settled,
        Model = "model-2026",
        Provider = "echo",
        Usage = new TokenUsage(7, 5, 3, 2, 1),
        UsageSource = UsageSource.Provider,
        CostNanoUsd = cost,
        Latency = TimeSpan.FromMilliseconds(1234),
        TimeToFirstToken = TimeSpan.FromMilliseconds(56),
    };

    public static Settlement Released(Guid id) => new()
    {
        RequestId = id,
        Status = UsageStatus.Released,
        Error = ErrorCode.ProviderTimeout,
        Latency = TimeSpan.FromMilliseconds(99),
    };

    public async Task<UsageRecord?> FindAsync(Guid id)
    {
        await using var context = await Database.Contexts.CreateDbContextAsync();
        return await context.UsageRecords.AsNoTracking().SingleOrDefaultAsync(record => record.Id == id);
    }

    public Task<QuotaUse> UseAsync(Guid user, DateTimeOffset? at = null) =>
        new QuotaStore(Database.Contexts).ReadUseAsync(user, at ?? _time.GetUtcNow(), CancellationToken.None);

    /// <summary>The code of the failure in which the task must end.</summary>
    public static async Task<ErrorCode> CodeOfAsync(Task failing)
    {
        var failure = await Assert.CatchAsync<AiGatewayException>(() => failing);
        return failure!.Code;
    }

    public async Task AssertBalancedAsync()
    {
        var found = await Ledger.VerifyAsync(CancellationToken.None);
        Assert.That(found.Differences.Where(difference => Database.IsOurs(difference.UserId)), Is.Empty, "the ledger balances");
    }

    public async ValueTask DisposeAsync()
    {
        _writer.Dispose();
        await StopAsync();
        await Database.DisposeAsync();
    }

    private void Build()
    {
        ILedgerDialect dialect = Database.Settings.Kind switch
        {
            DatabaseKind.SqlServer => new SqlServerLedgerDialect(Database.Settings, _settings),
            DatabaseKind.Postgres => new PostgresLedgerDialect(Database.Settings, _settings),
            _ => new SqliteLedgerDialect(Database.File, _settings),
        };
        _writer = new LedgerWriter(_wrap(dialect), _settings, _defaults, _time, Log);
        Ledger = new DatabaseLedger(
            _writer, new LedgerVerifier(Database.Contexts, UnseenProgress.Instance), _time, NullLogger<DatabaseLedger>.Instance);
    }
}
