using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Persistence;

/// <summary>
/// Work that begins a transaction of its own. Where the engine tries again after a passing failure, it must try the whole
/// transaction again, on a context that remembers nothing of the first attempt.
/// </summary>
internal static class RetriedWork
{
    /// <param name="contexts">Where each attempt gets its context.</param>
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
