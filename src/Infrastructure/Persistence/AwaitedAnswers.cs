using System.Data.Common;
using AiGateway.Domain;
using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Persistence;

/// <summary>Bounds how long a request waits for an answer of the database. The driver's own limit may be minutes.</summary>
internal static class AwaitedAnswers
{
    /// <summary>Waits for the answer. After a time-out the database may still carry out the command.</summary>
    /// <exception cref="LedgerUnavailableException">The database failed, or took too long.</exception>
    public static async Task<TAnswer> ReachedWithinAsync<TAnswer>(
        this Task<TAnswer> answer, TimeSpan patience, TimeProvider time, CancellationToken cancellationToken = default)
    {
        try
        {
            return await answer.WaitAsync(patience, time, cancellationToken);
        }
        catch (Exception failure) when (failure is DbException or DbUpdateException or InvalidOperationException or TimeoutException)
        {
            throw new LedgerUnavailableException(failure);
        }
    }
}
