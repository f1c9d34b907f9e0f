using System.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace AiGateway.Infrastructure.Persistence;

internal sealed class SqlServerContext(DbContextOptions<SqlServerContext> options) : GatewayContext(options)
{
    // Serializable, since snapshot isolation must first be allowed by the database's owner.
    public override Task<IDbContextTransaction> BeginSnapshotAsync(CancellationToken cancellationToken) =>
        Database.BeginTransactionAsync(IsolationLevel.Serializable, cancellationToken);

    public override Task<IDbContextTransaction> BeginReportAsync(CancellationToken cancellationToken) =>
        Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);

        // Most servers compare without case by default; two subjects that differ in case are two users.
        configurationBuilder.Properties<string>().UseCollation("Latin1_General_100_BIN2");
    }
}
