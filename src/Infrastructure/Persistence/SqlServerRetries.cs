using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace AiGateway.Infrastructure.Persistence;

/// <summary>
/// Retries transient failures of SQL Server, mostly of Azure SQL during a failover: four further attempts, after 0, 1, 3 and
/// 3 seconds. A time-out is not retried, because the request has waited long enough.
/// </summary>
internal sealed class SqlServerRetries(ExecutionStrategyDependencies dependencies)
    : SqlServerRetryingExecutionStrategy(dependencies, FurtherAttempts, LongestPause, errorNumbersToAdd: null)
{
    private const int FurtherAttempts = 4;
    private const int Timeout = -2;
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(3);

    protected override bool ShouldRetryOn(Exception exception) =>
        exception is not (TimeoutException or SqlException { Number: Timeout }) && base.ShouldRetryOn(exception);
}
