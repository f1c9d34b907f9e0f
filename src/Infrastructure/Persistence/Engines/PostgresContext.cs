using System.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace AiGateway.Infrastructure.Persistence.Engines;

internal sealed class PostgresContext(DbContextOptions<PostgresContext> options) : GatewayContext(options)
{
    // PostgreSQL's repeatable read is a snapshot; readers block no writers.
    public override Task<IDbContextTransaction> BeginSnapshotAsync(CancellationToken cancellationToken) =>
        Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);

    public override async Task<IDbContextTransaction> BeginAloneAsync(DatabaseLock name, CancellationToken cancellationToken)
    {
        // Each statement must see what was committed while it waited for the lock, so no snapshot from the beginning.
        var transaction = await Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);
        try
        {
            await LockAsync(name, cancellationToken);
            return transaction;
        }
        catch
        {
            await transaction.DisposeAsync();
            throw;
        }
    }

    public override Task<long> ReadClockAsync(TimeProvider time, CancellationToken cancellationToken) =>
        Database.SqlQueryRaw<long>("SELECT " + DatabaseClock.Postgres + " AS \"Value\"").SingleAsync(cancellationToken);

    public override Task LockAsync(DatabaseLock name, CancellationToken cancellationToken) =>
        Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({(long)name})", cancellationToken);
}
