using System.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace AiGateway.Infrastructure.Persistence;

/// <summary>
/// EF Core locks its history table in PostgreSQL for one migration at a time. Gateways that start at once could therefore
/// both apply the next one. This lock covers all migrations. It ends with its connection, so a killed process leaves nothing
/// behind.
/// </summary>
internal sealed class PostgresMigrationLock : IAsyncDisposable
{
    // Any number works if all gateways use the same one: an advisory lock belongs to one database.
    private const long Number = 0x41_69_47_61_74_65_77_61;

    private readonly GatewayContext _context;

    private PostgresMigrationLock(GatewayContext context) => _context = context;

    /// <summary>Creates a missing database, because the lock belongs to it.</summary>
    public static async Task MakeDatabaseAsync(GatewayContext context, CancellationToken cancellationToken)
    {
        var creator = context.GetService<IRelationalDatabaseCreator>();
        if (await creator.ExistsAsync(cancellationToken)) return;
        try
        {
            await creator.CreateAsync(cancellationToken);
        }
        catch (PostgresException failure) when (failure.SqlState is PostgresErrorCodes.DuplicateDatabase or PostgresErrorCodes.UniqueViolation)
        {
            // Another gateway created it first.
        }
    }

    /// <summary>Waits until no other gateway migrates the database; the context's connection stays open until disposed.</summary>
    public static async Task<PostgresMigrationLock> TakeAsync(GatewayContext context, CancellationToken cancellationToken)
    {
        await context.Database.OpenConnectionAsync(cancellationToken);
        var timeout = context.Database.GetCommandTimeout();
        context.Database.SetCommandTimeout(TimeSpan.Zero);
        await context.Database.ExecuteSqlAsync($"SELECT pg_advisory_lock({Number})", cancellationToken);
        context.Database.SetCommandTimeout(timeout);
        return new PostgresMigrationLock(context);
    }

    public async ValueTask DisposeAsync()
    {
        // A broken connection has lost the lock; the failure to report is the one that broke it.
        if (_context.Database.GetDbConnection().State == ConnectionState.Open)
            await _context.Database.ExecuteSqlAsync($"SELECT pg_advisory_unlock({Number})");
        await _context.Database.CloseConnectionAsync();
    }
}
