using System.Data.Common;
using AiGateway.Domain;
using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Persistence;

/// <summary>Answers of the database that a request waits for, but no longer than for the books: its client may wait for minutes.</summary>
internal static class AwaitedAnswers
{
    /// <summary>The answer; what the database was asked to do may still happen when nobody waits any more.</summary>
    /// <exception cref="AiGatewayException"><see cref="ErrorCode.LedgerUnavailable"/>: it failed, or took too long.</exception>
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
