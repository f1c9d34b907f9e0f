using System.Data.Common;
using AiGateway.Infrastructure.Persistence.Engines;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AiGateway.Infrastructure.Persistence;

/// <summary>Lends contexts of the configured engine from a pool.</summary>
internal sealed class GatewayContextFactory : IDbContextFactory<GatewayContext>
{
    private readonly DatabaseSettings _settings;
    private readonly SqliteFile _file;

    // Not made at start, which needs no context when the schema is current.
    private readonly Lazy<Func<GatewayContext>> _create;

    public GatewayContextFactory(DatabaseSettings settings, SqliteFile file, ILoggerFactory loggers)
    {
        (_settings, _file) = (settings, file);
        _create = new(() => settings.Kind switch
        {
            DatabaseKind.SqlServer => Pool(ContextOptions.SqlServer(settings.ConnectionString), loggers),
            DatabaseKind.Postgres => Pool(ContextOptions.Postgres(settings.ConnectionString), loggers),
            _ => Pool(ContextOptions.Sqlite(file), loggers),
        });
    }

    public GatewayContext CreateDbContext() => _create.Value();

    /// <summary>A closed connection without a context; null where a context is needed, because it retries what fails.</summary>
    public DbConnection? TryConnect()
    {
        if (_settings.Kind == DatabaseKind.SqlServer) return null;
        if (_settings.Kind == DatabaseKind.Postgres) return new NpgsqlConnection(_settings.ConnectionString);
        _file.Check();
        return new SqliteConnection(_file.ConnectionString);
    }

    private static Func<GatewayContext> Pool<TContext>(DbContextOptionsBuilder<TContext> options, ILoggerFactory loggers)
        where TContext : GatewayContext =>
        new PooledDbContextFactory<TContext>(options.UseLoggerFactory(loggers).Options).CreateDbContext;
}
