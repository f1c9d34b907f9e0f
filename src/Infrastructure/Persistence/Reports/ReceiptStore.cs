using AiGateway.Application.Receipts;
using AiGateway.Application.Usage;
using AiGateway.Domain;
using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Persistence.Reports;

internal sealed class ReceiptStore(IDbContextFactory<GatewayContext> contexts) : IReceiptStore
{
    public async Task<StoredReceipt?> FindAsync(Guid requestId, UsageSelection within, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var record = await context.Selected(within).SingleOrDefaultAsync(each => each.Id == requestId, cancellationToken);
        if (record is null) return null;
        var charged = await context.ChargeSetMembers.AsNoTracking().Where(member => member.SetId == record.ChargeSet)
            .OrderBy(member => member.Kind).ThenBy(member => member.Name).ToListAsync(cancellationToken);
        var key = await context.ApiKeys.AsNoTracking().Where(each => each.Id == record.ApiKeyId)
            .Select(each => new { each.Name, each.Tags }).SingleOrDefaultAsync(cancellationToken);
        var scopes = await ReadPathAsync(context, charged, cancellationToken);
        scopes.Add(new ReceiptScope(ScopeKind.User, record.UserId, (await ReadUsersAsync(context, [record.UserId], cancellationToken)).GetValueOrDefault(record.UserId), null));
        if (record.ApiKeyId is { } keyId) scopes.Add(new ReceiptScope(ScopeKind.Key, keyId, key?.Name, null));
        return new StoredReceipt(record)
        {
            Scopes = scopes,
            OtherModels = [.. charged.Where(member => member.Kind == ChargeSetMember.ModelKind).Select(member => member.Name)],
            Tags = WordList.Split(key?.Tags) ?? [],
            Corrections = await ReadCorrectionsAsync(context, requestId, cancellationToken),
            StoredObjects = await context.StoredObjects.Where(stored => stored.RequestId == requestId && stored.UserId == record.UserId)
                .OrderBy(stored => stored.Id).Select(stored => stored.Id).ToListAsync(cancellationToken),
        };
    }

    public async Task<bool> IsArchivedAsync(DateOnly day, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.DailyUsage.AnyAsync(
            sum => sum.Grouping == UsageGrouping.Provider && sum.Day == day && sum.Archived, cancellationToken);
    }

    private static async Task<List<ReceiptScope>> ReadPathAsync(
        GatewayContext context, List<ChargeSetMember> charged, CancellationToken cancellationToken)
    {
        var members = charged.FindAll(member => member.Kind != ChargeSetMember.ModelKind);
        var ids = members.ConvertAll(member => member.ScopeId);
        var names = await context.Scopes.AsNoTracking().Where(scope => ids.Contains(scope.Id))
            .ToDictionaryAsync(scope => scope.Id, scope => scope.Name, cancellationToken);
        return members.ConvertAll(member =>
            new ReceiptScope((ScopeKind)member.Kind, member.ScopeId, names.GetValueOrDefault(member.ScopeId), member.Name));
    }

    private static async Task<IReadOnlyList<(UsageCorrection, string?)>> ReadCorrectionsAsync(
        GatewayContext context, Guid requestId, CancellationToken cancellationToken)
    {
        var corrections = await context.UsageCorrections.AsNoTracking().Where(each => each.RequestId == requestId)
            .OrderBy(each => each.CreatedAt).ThenBy(each => each.Id).ToListAsync(cancellationToken);
        var names = await ReadUsersAsync(context, [.. corrections.Select(each => each.CorrectedBy).Distinct()], cancellationToken);
        return corrections.ConvertAll(each => (each, names.GetValueOrDefault(each.CorrectedBy)));
    }

    private static Task<Dictionary<Guid, string>> ReadUsersAsync(GatewayContext context, Guid[] ids, CancellationToken cancellationToken) =>
        context.Users.AsNoTracking().Where(user => ids.Contains(user.Id))
            .ToDictionaryAsync(user => user.Id, user => user.Name, cancellationToken);
}
