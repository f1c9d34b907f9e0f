using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace AiGateway.Infrastructure.Persistence.Engines;

internal sealed class SqliteContext(DbContextOptions<SqliteContext> options) : GatewayContext(options)
{
    public override async Task<IDbContextTransaction> BeginSnapshotAsync(CancellationToken cancellationToken)
    {
        await Database.OpenConnectionAsync(cancellationToken);
        var connection = (SqliteConnection)Database.GetDbConnection();

        // Deferred: it reads one state of the write-ahead log and leaves the write lock to the ledger.
        return (await Database.UseTransactionAsync(connection.BeginTransaction(deferred: true), cancellationToken))!;
    }

    // BEGIN IMMEDIATE: the single write lock of the file serves as every lock.
    public override Task<IDbContextTransaction> BeginAloneAsync(DatabaseLock name, CancellationToken cancellationToken) =>
        Database.BeginTransactionAsync(cancellationToken);

    // The write lock of the file is held already.
    public override Task LockAsync(DatabaseLock name, CancellationToken cancellationToken) => Task.CompletedTask;
}
