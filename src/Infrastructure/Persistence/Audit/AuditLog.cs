using AiGateway.Application.Administration;
using AiGateway.Domain;
using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Persistence.Audit;

internal sealed class AuditLog(IDbContextFactory<GatewayContext> contexts) : IAuditLog
{
    private const int PageSize = 1000;

    public async Task<IReadOnlyList<AdminAction>> ListAsync(AuditFilter filter, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = context.AdminActions.AsNoTracking();
        if (filter.From is { } from) rows = rows.Where(row => row.At >= from);
        if (filter.To is { } to) rows = rows.Where(row => row.At < to);
        if (filter.Actor is { UserId: var userId }) rows = rows.Where(row => row.ActorId == userId);
        if (filter.Action is { } action) rows = rows.Where(row => row.Action == action);
        if (filter.TargetKind is { } kind) rows = rows.Where(row => row.TargetKind == kind);
        if (filter.TargetId is { } id) rows = rows.Where(row => row.TargetId == id);
        if (filter.Before is { } before) rows = rows.Where(row => row.Sequence < before);
        return await rows.OrderByDescending(row => row.Sequence).Take(filter.Limit).ToListAsync(cancellationToken);
    }

    public async Task<AuditVerification> VerifyAsync(CancellationToken cancellationToken)
    {
        // Page by page: rows are only added, so no snapshot is needed, and one long read would hold up SQLite's log.
        var chain = new AuditChain();
        List<AdminAction> page;
        long? last = null;
        do
        {
            page = await ReadPageAsync(last, cancellationToken);
            foreach (var row in page) chain.Add(row);
            if (page.Count > 0) last = page[^1].Sequence;
        }
        while (page.Count == PageSize);
        return chain.ToVerification();
    }

    private async Task<List<AdminAction>> ReadPageAsync(long? last, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = context.AdminActions.AsNoTracking();
        if (last is { } sequence) rows = rows.Where(row => row.Sequence > sequence);
        return await rows.OrderBy(row => row.Sequence).Take(PageSize).ToListAsync(cancellationToken);
    }
}
