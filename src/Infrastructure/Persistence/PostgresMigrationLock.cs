using System.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace AiGateway.Infrastructure.Persistence;

/// <summary>
/// EF Core locks its history table in PostgreSQL for one migration and lets go between two, so that gateways which start
/// at once could both go on with the next. This lock is for all of them together; it ends with its connection, so that a
/// process that is killed leaves nothing behind.
/// </summary>
internal sealed class PostgresMigrationLock : IAsyncDisposable
{
    // Any number will do that is the same for all gateways: an advisory lock belongs to one database.
    private const long Number = 0x41_69_47_61_74_65_77_61;

    private readonly GatewayContext _context;

    private PostgresMigrationLock(GatewayContext context) => _context = context;

    /// <summary>Makes the database where there is none, since the lock lies in it.</summary>
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
            // Another gateway was quicker.
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
        // A connection that broke took the lock with it; why it broke is what is to be told.
        if (_context.Database.GetDbConnection().State == ConnectionState.Open)
            await _context.Database.ExecuteSqlAsync($"SELECT pg_advisory_unlock({Number})");
        await _context.Database.CloseConnectionAsync();
    }
}
