using System.Data;
using System.Data.Common;
using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace AiGateway.Infrastructure.Persistence;

/// <summary>
/// A transaction at an isolation level of its own. SQL Server keeps the level of a connection after the transaction, and the
/// driver's pool keeps it too. The level is set back before the connection is reused.
/// </summary>
internal sealed class SqlServerSnapshot : IDbContextTransaction
{
    private readonly SqlServerContext _context;
    private readonly IDbContextTransaction _transaction;

    private SqlServerSnapshot(SqlServerContext context, IDbContextTransaction transaction) =>
        (_context, _transaction) = (context, transaction);

    public Guid TransactionId => _transaction.TransactionId;

    public static async Task<SqlServerSnapshot> BeginAsync(SqlServerContext context, IsolationLevel level, CancellationToken cancellationToken)
    {
        await context.Database.OpenConnectionAsync(cancellationToken);
        try
        {
            return new SqlServerSnapshot(context, await context.Database.BeginTransactionAsync(level, cancellationToken));
        }
        catch
        {
            await SetBackAsync(context);
            throw;
        }
    }

    public void Commit() => _transaction.Commit();

    public Task CommitAsync(CancellationToken cancellationToken = default) => _transaction.CommitAsync(cancellationToken);

    public void Rollback() => _transaction.Rollback();

    public Task RollbackAsync(CancellationToken cancellationToken = default) => _transaction.RollbackAsync(cancellationToken);

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _transaction.DisposeAsync();
        }
        finally
        {
            await SetBackAsync(_context);
        }
    }

    /// <summary>If it cannot be set back, the connection is not reused.</summary>
    private static async Task SetBackAsync(SqlServerContext context)
    {
        var connection = context.Database.GetDbConnection();
        try
        {
            if (connection.State == ConnectionState.Open)
                await context.Database.ExecuteSqlRawAsync("SET TRANSACTION ISOLATION LEVEL READ COMMITTED");
        }
        catch (Exception failure) when (failure is DbException or InvalidOperationException)
        {
            if (connection is SqlConnection pooled) SqlConnection.ClearPool(pooled);
        }
        finally
        {
            await context.Database.CloseConnectionAsync();
        }
    }
}
