using Microsoft.Extensions.DependencyInjection;

namespace AiGateway.Infrastructure.Persistence;

/// <summary>What is done with the database before the gateway takes requests.</summary>
public static class DatabaseStart
{
    /// <summary>Brings the schema up to date where configured; on an empty database makes the administrator and its key.</summary>
    /// <param name="services">Where persistence is registered.</param>
    /// <param name="bootstrapKey">The administrator's key; null: a new one is made.</param>
    /// <param name="isDevelopment">Whether to add a test user as well.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What was made; null when there was nothing to make.</returns>
    public static async Task<FirstStartResult?> StartDatabaseAsync(
        this IServiceProvider services, string? bootstrapKey, bool isDevelopment, CancellationToken cancellationToken)
    {
        if (services.GetRequiredService<DatabaseSettings>().MigrateAtStart) await services.MigrateDatabaseAsync(cancellationToken);
        return await services.GetRequiredService<FirstStart>().RunAsync(bootstrapKey, isDevelopment, cancellationToken);
    }

    /// <summary>Brings the schema up to date.</summary>
    /// <param name="services">Where persistence is registered.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static Task MigrateDatabaseAsync(this IServiceProvider services, CancellationToken cancellationToken) =>
        services.GetRequiredService<DatabaseMigrator>().MigrateAsync(cancellationToken);
}
