using System.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace AiGateway.Infrastructure.Persistence.Engines;

internal sealed class SqlServerContext(DbContextOptions<SqlServerContext> options) : GatewayContext(options)
{
    // Not by DB_ID(): in Azure SQL Database it may differ from the number in this view.
    private const string SnapshotState =
        "SELECT CAST(snapshot_isolation_state AS int) AS Value FROM sys.databases WHERE name = DB_NAME()";

    /// <summary>
    /// Waits as long as the command may take; the lock ends with its transaction. A negative result means no lock, for
    /// example after a deadlock.
    /// </summary>
    public const string TakeLock = """
        DECLARE @granted int;
        EXEC @granted = sp_getapplock @Resource = {0}, @LockMode = 'Exclusive', @LockOwner = 'Transaction', @LockTimeout = -1;
        IF @granted < 0 THROW 51000, 'The lock was not granted.', 1;
        """;

    private const int Allowed = 1;

    /// <summary>A snapshot where the database allows it; else everything that is read is locked until the end.</summary>
    public override async Task<IDbContextTransaction> BeginSnapshotAsync(CancellationToken cancellationToken) =>
        await BeginAsync(IsolationLevel.Serializable, cancellationToken);

    public override async Task<IDbContextTransaction> BeginReportAsync(CancellationToken cancellationToken) =>
        await BeginAsync(IsolationLevel.ReadCommitted, cancellationToken);

    public override async Task<IDbContextTransaction> BeginAloneAsync(DatabaseLock name, CancellationToken cancellationToken)
    {
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
        Database.SqlQueryRaw<long>("SELECT " + DatabaseClock.SqlServer + " AS Value").SingleAsync(cancellationToken);

    public override Task LockAsync(DatabaseLock name, CancellationToken cancellationToken) =>
        Database.ExecuteSqlRawAsync(TakeLock, [$"aigateway-{name}"], cancellationToken);

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);

        // Most servers compare without case by default; two subjects that differ in case are two users.
        configurationBuilder.Properties<string>().UseCollation("Latin1_General_100_BIN2");
    }

    private async Task<SqlServerSnapshot> BeginAsync(IsolationLevel otherwise, CancellationToken cancellationToken)
    {
        var states = await Database.SqlQueryRaw<int>(SnapshotState).ToListAsync(cancellationToken);
        var level = states.Contains(Allowed) ? IsolationLevel.Snapshot : otherwise;
        return await SqlServerSnapshot.BeginAsync(this, level, cancellationToken);
    }
}
