using System.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace AiGateway.Infrastructure.Persistence;

internal sealed class SqlServerContext(DbContextOptions<SqlServerContext> options) : GatewayContext(options)
{
    /// <summary>
    /// Waits as long as the command may take; the lock ends with its transaction. A negative answer means no lock, such as
    /// for the victim of a deadlock.
    /// </summary>
    public const string TakeLock = """
        DECLARE @granted int;
        EXEC @granted = sp_getapplock @Resource = {0}, @LockMode = 'Exclusive', @LockOwner = 'Transaction', @LockTimeout = -1;
        IF @granted < 0 THROW 51000, 'The lock was not granted.', 1;
        """;

    // Serializable, since snapshot isolation must first be allowed by the database's owner.
    public override Task<IDbContextTransaction> BeginSnapshotAsync(CancellationToken cancellationToken) =>
        Database.BeginTransactionAsync(IsolationLevel.Serializable, cancellationToken);

    public override Task<IDbContextTransaction> BeginReportAsync(CancellationToken cancellationToken) =>
        Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);

    public override async Task<IDbContextTransaction> BeginAloneAsync(DatabaseLock name, CancellationToken cancellationToken)
    {
        var transaction = await Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);
        try
        {
            await Database.ExecuteSqlRawAsync(TakeLock, [$"aigateway-{name}"], cancellationToken);
            return transaction;
        }
        catch
        {
            await transaction.DisposeAsync();
            throw;
        }
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);

        // Most servers compare without case by default; two subjects that differ in case are two users.
        configurationBuilder.Properties<string>().UseCollation("Latin1_General_100_BIN2");
    }
}
