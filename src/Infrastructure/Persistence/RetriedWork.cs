using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Persistence;

/// <summary>
/// Work with a transaction of its own. An engine that retries after a transient failure must retry the whole transaction, on
/// a new context.
/// </summary>
internal static class RetriedWork
{
    /// <param name="contexts">The source of the context of each attempt.</param>
    /// <param name="work">One attempt; it may begin a transaction.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<TResult> RunAsync<TResult>(
        this IDbContextFactory<GatewayContext> contexts,
        Func<GatewayContext, CancellationToken, Task<TResult>> work,
        CancellationToken cancellationToken)
    {
        await using var first = await contexts.CreateDbContextAsync(cancellationToken);
        var isRetry = false;
        return await first.Database.CreateExecutionStrategy().ExecuteAsync(
            async attempt =>
            {
                if (!isRetry)
                {
                    isRetry = true;
                    return await work(first, attempt);
                }

                await using var another = await contexts.CreateDbContextAsync(attempt);
                return await work(another, attempt);
            },
            cancellationToken);
    }
}
