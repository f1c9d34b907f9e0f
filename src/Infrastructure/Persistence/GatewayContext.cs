using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence.Engines;
using AiGateway.Infrastructure.Persistence.KeyRing;
using AiGateway.Infrastructure.Persistence.Mapping;
using AiGateway.Infrastructure.Persistence.Mapping.Budgets;
using AiGateway.Infrastructure.Persistence.PriceBooks;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Conventions;
using Microsoft.EntityFrameworkCore.Storage;

namespace AiGateway.Infrastructure.Persistence;

/// <summary>The database model. Each engine has a subclass, because a set of migrations belongs to a class.</summary>
internal abstract class GatewayContext(DbContextOptions options) : DbContext(options)
{
    public DbSet<User> Users => Set<User>();

    public DbSet<ApiKey> ApiKeys => Set<ApiKey>();

    public DbSet<Provider> Providers => Set<Provider>();

    public DbSet<ProviderHealth> ProviderHealth => Set<ProviderHealth>();

    public DbSet<ProviderHealthChange> ProviderHealthChanges => Set<ProviderHealthChange>();

    public DbSet<SwitchedOff> SwitchedOff => Set<SwitchedOff>();

    public DbSet<UsageRecord> UsageRecords => Set<UsageRecord>();

    public DbSet<UsageCorrection> UsageCorrections => Set<UsageCorrection>();

    public DbSet<Quota> Quotas => Set<Quota>();

    public DbSet<QuotaCounter> QuotaCounters => Set<QuotaCounter>();

    public DbSet<Scope> Scopes => Set<Scope>();

    public DbSet<Budget> Budgets => Set<Budget>();

    public DbSet<BudgetCounter> BudgetCounters => Set<BudgetCounter>();

    public DbSet<Rate> Rates => Set<Rate>();

    public DbSet<BudgetState> BudgetState => Set<BudgetState>();

    public DbSet<ChargeSetMember> ChargeSetMembers => Set<ChargeSetMember>();

    public DbSet<Alert> Alerts => Set<Alert>();

    public DbSet<Webhook> Webhooks => Set<Webhook>();

    public DbSet<WebhookDelivery> WebhookDeliveries => Set<WebhookDelivery>();

    public DbSet<UserModelPreference> Preferences => Set<UserModelPreference>();

    public DbSet<StoredObject> StoredObjects => Set<StoredObject>();

    public DbSet<DailyUsage> DailyUsage => Set<DailyUsage>();

    public DbSet<ArchivedUse> ArchivedUse => Set<ArchivedUse>();

    public DbSet<AdminAction> AdminActions => Set<AdminAction>();

    public DbSet<RingKey> ConsoleKeys => Set<RingKey>();

    public DbSet<KeptPriceBook> PriceBooks => Set<KeptPriceBook>();

    /// <summary>A transaction in which all reads see the same committed state and no writer waits longer than needed.</summary>
    public abstract Task<IDbContextTransaction> BeginSnapshotAsync(CancellationToken cancellationToken);

    /// <summary>
    /// A snapshot transaction where it does not delay writers; else each statement sees the state committed when it runs.
    /// </summary>
    public virtual Task<IDbContextTransaction> BeginReportAsync(CancellationToken cancellationToken) => BeginSnapshotAsync(cancellationToken);

    /// <summary>A transaction that holds a database-wide lock to its end; it waits for other holders.</summary>
    public abstract Task<IDbContextTransaction> BeginAloneAsync(DatabaseLock name, CancellationToken cancellationToken);

    /// <summary>Takes a database-wide lock in the current transaction, to its end; it waits for other holders.</summary>
    public abstract Task LockAsync(DatabaseLock name, CancellationToken cancellationToken);

    /// <summary>
    /// The clock that all gateways of the database share, in nanoseconds since 1970; where only one gateway uses the database,
    /// its own.
    /// </summary>
    public virtual Task<long> ReadClockAsync(TimeProvider time, CancellationToken cancellationToken) =>
        Task.FromResult(RateState.InstantOf(time.GetUtcNow()));

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        // Whole numbers, because all three databases sort and compare them alike.
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<InstantConverter>();
        configurationBuilder.Properties<DateOnly>().HaveConversion<DayConverter>();

        // Every index is named in the mappings: the hot path pays for each of them.
        configurationBuilder.Conventions.Remove<ForeignKeyIndexConvention>();
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(GatewayContext).Assembly);
}
