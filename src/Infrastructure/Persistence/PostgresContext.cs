using System.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace AiGateway.Infrastructure.Persistence;

internal sealed class PostgresContext(DbContextOptions<PostgresContext> options) : GatewayContext(options)
{
    // PostgreSQL's repeatable read is a snapshot; readers block nobody.
    public override Task<IDbContextTransaction> BeginSnapshotAsync(CancellationToken cancellationToken) =>
        Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
}
