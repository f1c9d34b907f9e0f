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
        await using var any = await contexts.CreateDbContextAsync(cancellationToken);
        return await any.Database.CreateExecutionStrategy().ExecuteAsync(
            async attempt =>
            {
                await using var context = await contexts.CreateDbContextAsync(attempt);
                return await work(context, attempt);
            },
            cancellationToken);
    }
}
