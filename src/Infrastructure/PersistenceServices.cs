using System.Diagnostics.Metrics;
using AiGateway.Application;
using AiGateway.Application.Administration;
using AiGateway.Application.Alerts;
using AiGateway.Application.ApiKeys;
using AiGateway.Application.Archive;
using AiGateway.Application.Budgets;
using AiGateway.Application.Health;
using AiGateway.Application.Ledger;
using AiGateway.Application.Pricing;
using AiGateway.Application.Progress;
using AiGateway.Application.Quotas;
using AiGateway.Application.Receipts;
using AiGateway.Application.Statements;
using AiGateway.Application.StoredResponses;
using AiGateway.Application.Switches;
using AiGateway.Application.Teams;
using AiGateway.Application.Usage;
using AiGateway.Application.Users;
using AiGateway.Infrastructure.Archive;
using AiGateway.Infrastructure.Callers;
using AiGateway.Infrastructure.Ledger;
using AiGateway.Infrastructure.Ledger.Sql;
using AiGateway.Infrastructure.Ledger.Sql.Postgres;
using AiGateway.Infrastructure.Ledger.Sql.Sqlite;
using AiGateway.Infrastructure.Ledger.Sql.SqlServer;
using AiGateway.Infrastructure.Ledger.Writer;
using AiGateway.Infrastructure.Persistence;
using AiGateway.Infrastructure.Persistence.Audit;
using AiGateway.Infrastructure.Persistence.Engines;
using AiGateway.Infrastructure.Persistence.KeyRing;
using AiGateway.Infrastructure.Persistence.PriceBooks;
using AiGateway.Infrastructure.Persistence.Reports;
using AiGateway.Infrastructure.Persistence.Startup;
using AiGateway.Infrastructure.Persistence.Stores;
using AiGateway.Infrastructure.Persistence.Stores.Budgets;
using AiGateway.Infrastructure.Persistence.Stores.Erasure;
using AiGateway.Infrastructure.Persistence.Stores.Teams;
using AiGateway.Infrastructure.Persistence.Teams;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AiGateway.Infrastructure;

/// <summary>Registers the database behind the ports.</summary>
public static class PersistenceServices
{
    /// <summary>Stores, reports, keys and callers. Needs <see cref="TimeProvider"/> and <see cref="GatewayDefaults"/>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="settings">The database settings.</param>
    /// <param name="tokenUsers">Which users are created for tokens; null: the defaults.</param>
    public static IServiceCollection AddPersistence(
        this IServiceCollection services, DatabaseSettings settings, TokenUserSettings? tokenUsers = null) => services
        .AddSingleton(settings)
        .AddSingleton(tokenUsers ?? new TokenUserSettings())
        .AddSingleton<IDbContextFactory<GatewayContext>, GatewayContextFactory>()
        .AddSingleton<SqliteFile>()
        .AddSingleton<SqliteMigrationLock>()
        .AddSingleton<IWorkProgress>(UnseenProgress.Instance)
        .AddSingleton<DatabaseMigrator>()
        .AddSingleton<FirstStart>()
        .AddSingleton<UserStore>()
        .AddSingleton<IUserStore>(provider => provider.GetRequiredService<UserStore>())
        .AddSingleton<IUserErasure, UserErasure>()
        .AddSingleton<IApiKeyStore, ApiKeyStore>()
        .AddSingleton<IScopeStore, ScopeStore>()
        .AddSingleton<ITeamMembers, TeamMembers>()
        .AddSingleton<IQuotaStore, QuotaStore>()
        .AddSingleton<IBudgetStore, BudgetStore>()
        .AddSingleton<IRateStore, RateStore>()
        .AddSingleton<IStoredObjectStore, StoredObjectStore>()
        .AddSingleton<IProviderStore, ProviderStore>()
        .AddSingleton<ISwitchStore, SwitchStore>()
        .AddSingleton<IAuditLog, AuditLog>()
        .AddSingleton<IUsageReports, UsageReports>()
        .AddSingleton<IReceiptStore, ReceiptStore>()
        .AddSingleton<IPriceHistory, PriceHistory>()
        .AddSingleton<IStatementStore, StatementStore>()
        .AddSingleton<IUsageCorrections, UsageCorrections>()
        .AddSingleton<IUsageArchive, UsageArchive>()
        .AddSingleton<IArchiveFiles, ArchiveFiles>()
        .AddSingleton<DailyUsageJob>()
        .AddHostedService(provider => provider.GetRequiredService<DailyUsageJob>())
        .AddSingleton<IDatabaseProbe, DatabaseProbe>()
        .AddSingleton<IXmlRepository, DatabaseKeyRing>()
        .AddSingleton<IApiKeySecrets, ApiKeySecrets>()
        .AddSingleton<KeyUses>()
        .AddSingleton<IApiKeyUses>(provider => provider.GetRequiredService<KeyUses>())
        .AddHostedService(provider => provider.GetRequiredService<KeyUses>())
        .AddSingleton<CallerQueries>()
        .AddSingleton<ICallerDirectory, CallerDirectory>();

    /// <summary>Stores the running price book; call it after <see cref="AddPersistence"/> and <see cref="PricingServices.AddPricing"/>.</summary>
    public static IServiceCollection AddPriceKeeping(this IServiceCollection services) => services
        .AddSingleton<PriceKeeper>()
        .AddHostedService(provider => provider.GetRequiredService<PriceKeeper>());

    /// <summary>The ledger; call it after <see cref="AddPersistence"/>. The writer starts and stops with the host.</summary>
    public static IServiceCollection AddLedger(this IServiceCollection services, LedgerSettings settings) => services
        .AddSingleton(settings)
        .AddSingleton(ToDialect)
        .AddSingleton(provider => new LedgerWriter(
            provider.GetRequiredService<ILedgerDialect>(),
            settings,
            provider.GetRequiredService<GatewayDefaults>().Limits,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<LedgerWriter>>(),
            provider.GetService<AlertFeed>(),
            provider.GetService<Meter>() is { } meter ? new LedgerMetrics(meter) : null))
        .AddHostedService(provider => provider.GetRequiredService<LedgerWriter>())
        .AddSingleton<LedgerVerifier>()
        .AddSingleton<ILedger, DatabaseLedger>();

    private static ILedgerDialect ToDialect(IServiceProvider provider)
    {
        var database = provider.GetRequiredService<DatabaseSettings>();
        var settings = provider.GetRequiredService<LedgerSettings>();
        return database.Kind switch
        {
            DatabaseKind.SqlServer => new SqlServerLedgerDialect(database, settings),
            DatabaseKind.Postgres => new PostgresLedgerDialect(database, settings),
            _ => new SqliteLedgerDialect(provider.GetRequiredService<SqliteFile>(), settings),
        };
    }
}
