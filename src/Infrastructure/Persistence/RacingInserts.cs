using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Persistence;

/// <summary>Changes that insert a row when it is missing, while others may do the same.</summary>
internal static class RacingInserts
{
    /// <summary>Makes the change. When another writer inserted the row meanwhile, it is repeated on that row.</summary>
    public static async Task SaveAsync(
        this IDbContextFactory<GatewayContext> contexts,
        Func<GatewayContext, Task> change,
        CancellationToken cancellationToken)
    {
        try
        {
            await ApplyAsync(contexts, change, cancellationToken);
        }
        catch (DbUpdateException)
        {
            await ApplyAsync(contexts, change, cancellationToken);
        }
    }

    private static async Task ApplyAsync(
        IDbContextFactory<GatewayContext> contexts, Func<GatewayContext, Task> change, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await change(context);
        await context.SaveChangesAsync(cancellationToken);
    }
}
