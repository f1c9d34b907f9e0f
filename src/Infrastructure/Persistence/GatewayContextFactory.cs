using AiGateway.Infrastructure.Persistence.Engines;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.Logging;

namespace AiGateway.Infrastructure.Persistence;

/// <summary>Lends contexts of the configured engine from a pool.</summary>
internal sealed class GatewayContextFactory : IDbContextFactory<GatewayContext>
{
    private readonly Func<GatewayContext> _create;

    public GatewayContextFactory(DatabaseSettings settings, SqliteFile file, ILoggerFactory loggers)
    {
        _create = settings.Kind switch
        {
            DatabaseKind.SqlServer => Pool(ContextOptions.SqlServer(settings.ConnectionString), loggers),
            DatabaseKind.Postgres => Pool(ContextOptions.Postgres(settings.ConnectionString), loggers),
            _ => Pool(ContextOptions.Sqlite(file), loggers),
        };
    }

    public GatewayContext CreateDbContext() => _create();

    private static Func<GatewayContext> Pool<TContext>(DbContextOptionsBuilder<TContext> options, ILoggerFactory loggers)
        where TContext : GatewayContext =>
        new PooledDbContextFactory<TContext>(options.UseLoggerFactory(loggers).Options).CreateDbContext;
}
