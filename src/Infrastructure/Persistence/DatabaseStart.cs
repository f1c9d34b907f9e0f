using Microsoft.Extensions.DependencyInjection;

namespace AiGateway.Infrastructure.Persistence;

/// <summary>Prepares the database before the gateway takes requests.</summary>
public static class DatabaseStart
{
    /// <summary>Updates the schema where configured, and creates the administrator and its key in an empty database.</summary>
    /// <param name="services">Where persistence is registered.</param>
    /// <param name="bootstrapKey">The administrator's key; null: a new key is created.</param>
    /// <param name="isDevelopment">Whether to add a test user as well.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The created administrator; null when nothing was created.</returns>
    public static async Task<FirstStartResult?> StartDatabaseAsync(
        this IServiceProvider services, string? bootstrapKey, bool isDevelopment, CancellationToken cancellationToken)
    {
        if (services.GetRequiredService<DatabaseSettings>().MigrateAtStart) await services.MigrateDatabaseAsync(cancellationToken);
        return await services.GetRequiredService<FirstStart>().RunAsync(bootstrapKey, isDevelopment, cancellationToken);
    }

    /// <summary>Updates the schema.</summary>
    /// <param name="services">Where persistence is registered.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static Task MigrateDatabaseAsync(this IServiceProvider services, CancellationToken cancellationToken) =>
        services.GetRequiredService<DatabaseMigrator>().MigrateAsync(cancellationToken);
}
