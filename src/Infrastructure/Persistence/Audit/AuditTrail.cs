using AiGateway.Application.Administration;
using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence.Engines;
using AiGateway.Infrastructure.Persistence.Mapping;
using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Persistence.Audit;

/// <summary>Writes the audit log: a change and its row are committed together, or neither is.</summary>
internal static class AuditTrail
{
    /// <summary>
    /// Makes a change of an administrator. Changes are made one at a time, over all gateways that share the database, so the
    /// rows form one chain. Nothing is committed when the change fails, or changes nothing.
    /// </summary>
    /// <param name="contexts">The source of contexts.</param>
    /// <param name="by">The author.</param>
    /// <param name="at">The time of the change.</param>
    /// <param name="change">
    /// One attempt, in a transaction that holds <see cref="DatabaseLock.Administrators"/>. Tracked entities are saved after it.
    /// </param>
    /// <param name="cancellationToken">Gives up.</param>
    public static Task<TResult> ChangeAsync<TResult>(
        this IDbContextFactory<GatewayContext> contexts,
        Actor by,
        DateTimeOffset at,
        Func<GatewayContext, CancellationToken, Task<Audited<TResult>>> change,
        CancellationToken cancellationToken) =>
        contexts.RunAsync(
            async (context, attempt) =>
            {
                await using var transaction = await context.BeginAloneAsync(DatabaseLock.Administrators, attempt);
                var done = await change(context, attempt);
                if (!done.Changes.Any(each => each.IsChange)) return done.Result;
                await context.AppendAsync(by, at, done.Changes, attempt);
                await context.SaveChangesAsync(attempt);
                await transaction.CommitAsync(attempt);
                return done.Result;
            },
            cancellationToken);

    /// <summary>Adds the rows of changes to the context, for a store that runs its own transaction.</summary>
    /// <param name="context">In a transaction that holds <see cref="DatabaseLock.Administrators"/>.</param>
    /// <param name="by">The author.</param>
    /// <param name="at">The time of the changes.</param>
    /// <param name="changes">The changes; those that change nothing are left out.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="AiGatewayException"><see cref="ErrorCode.PermissionDenied"/>: the author administers a team, and a change is not within it.</exception>
    public static async Task AppendAsync(
        this GatewayContext context, Actor by, DateTimeOffset at, IReadOnlyList<AuditedChange> changes, CancellationToken cancellationToken)
    {
        await context.RequireWithinTeamAsync(by, changes, cancellationToken);
        var last = await context.AdminActions.AsNoTracking().OrderByDescending(row => row.Sequence).FirstOrDefaultAsync(cancellationToken);
        foreach (var change in changes.Where(each => each.IsChange))
        {
            last = ToRow(last, by, at, change).Seal();
            context.AdminActions.Add(last);
        }
    }

    private static AdminAction ToRow(AdminAction? last, Actor by, DateTimeOffset at, AuditedChange change) => new()
    {
        Id = Guid.CreateVersion7(at),
        Sequence = (last?.Sequence ?? 0) + 1,
        At = at,
        ActorId = by.UserId,
        Via = by.Via,
        ApiKeyId = by.ApiKeyId,
        Action = change.Action,
        TargetKind = change.TargetKind,
        TargetId = StoredText.Fit(change.TargetId, AdminAction.MaxTargetIdLength),
        Before = change.BeforeText,
        After = change.AfterText,
        RequestId = by.RequestId,
        PreviousHash = last?.Hash ?? AdminAction.NoHash,
    };
}
