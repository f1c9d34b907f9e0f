using AiGateway.Application.Ports;
using AiGateway.Infrastructure.Persistence;
using AiGateway.Infrastructure.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AiGateway.Infrastructure;

/// <summary>Puts the database behind the ports.</summary>
public static class PersistenceServices
{
    /// <summary>Stores, reports, keys and callers. Needs <see cref="TimeProvider"/> and <see cref="Application.GatewayDefaults"/>.</summary>
    public static IServiceCollection AddPersistence(this IServiceCollection services, DatabaseSettings settings) => services
        .AddSingleton(settings)
        .AddSingleton<IDbContextFactory<GatewayContext>, GatewayContextFactory>()
        .AddSingleton<DatabaseMigrator>()
        .AddSingleton<FirstStart>()
        .AddSingleton<UserStore>()
        .AddSingleton<IUserStore>(provider => provider.GetRequiredService<UserStore>())
        .AddSingleton<IApiKeyStore, ApiKeyStore>()
        .AddSingleton<IQuotaStore, QuotaStore>()
        .AddSingleton<IProviderStore, ProviderStore>()
        .AddSingleton<IUsageReports, UsageReports>()
        .AddSingleton<IDatabaseProbe, DatabaseProbe>()
        .AddSingleton<IApiKeySecrets, ApiKeySecrets>()
        .AddSingleton<CallerQueries>()
        .AddSingleton<ICallerDirectory, CallerDirectory>();
}
