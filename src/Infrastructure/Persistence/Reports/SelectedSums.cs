using AiGateway.Application.Usage;
using AiGateway.Domain;
using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Persistence.Reports;

/// <summary>
/// Sums selected records by any properties. The database groups by stored columns; the scopes of a charge set and the tags of
/// a key are put in their place afterwards. The sums of days cannot answer this, so archived days are refused.
/// </summary>
internal static class SelectedSums
{
    /// <summary>Most groups of a report.</summary>
    public const int MostGroups = 10_000;

    /// <summary>Most ids of one query.</summary>
    public const int MostIdsAtOnce = 500;

    public static async Task<IReadOnlyList<UsageSum>> SumAsync(
        GatewayContext context, IReadOnlyList<UsageGrouping> groupings, UsageSelection selection, CancellationToken cancellationToken)
    {
        await RefuseArchivedDaysAsync(context, selection, cancellationToken);
        var records = context.Selected(selection).Counted();
        var sums = await RecordReports.GroupAsync(records, RecordKey.Of(groupings), MostGroups + 1, cancellationToken);
        if (sums.Count > MostGroups)
            throw new InvalidRequestException("groupBy", $"gives more than {MostGroups} groups; select less, or group by less");
        var scopes = await ReadScopesAsync(context, [.. sums.Select(sum => sum.Key.ChargeSet).OfType<Guid>().Distinct()], cancellationToken);
        var tags = groupings.Contains(UsageGrouping.Tag)
            ? await ReadTagsAsync(context, [.. sums.Select(sum => sum.Key.ApiKeyId).OfType<Guid>().Distinct()], cancellationToken)
            : [];
        return [.. sums.SelectMany(sum => ToGroups(sum, groupings, scopes, tags))];
    }

    private static async Task RefuseArchivedDaysAsync(GatewayContext context, UsageSelection selection, CancellationToken cancellationToken)
    {
        var first = DateOnly.FromDateTime((selection.From ?? DateTimeOffset.MinValue).UtcDateTime);
        var last = DateOnly.FromDateTime((selection.To?.AddTicks(-1) ?? DateTimeOffset.MaxValue).UtcDateTime);
        var archived = await context.DailyUsage.Where(sum => sum.Archived && sum.Day >= first && sum.Day <= last)
            .MaxAsync(sum => (DateOnly?)sum.Day, cancellationToken);
        if (archived is not { } day) return;
        throw new InvalidRequestException(
            "from",
            $"must be after {DailyUsageReports.GroupOf(day)}: records of that day are archived, and only their sums by user, model, provider, key and day are kept");
    }

    private static async Task<ILookup<Guid, ChargeSetMember>> ReadScopesAsync(
        GatewayContext context, Guid[] sets, CancellationToken cancellationToken)
    {
        var members = new List<ChargeSetMember>();
        foreach (var part in sets.Chunk(MostIdsAtOnce))
        {
            members.AddRange(await context.ChargeSetMembers.AsNoTracking()
                .Where(member => part.Contains(member.SetId) && member.Kind != ChargeSetMember.ModelKind).ToListAsync(cancellationToken));
        }

        return members.ToLookup(member => member.SetId);
    }

    private static async Task<Dictionary<Guid, IReadOnlyList<string>>> ReadTagsAsync(
        GatewayContext context, Guid[] keys, CancellationToken cancellationToken)
    {
        var tags = new Dictionary<Guid, IReadOnlyList<string>>();
        foreach (var part in keys.Chunk(MostIdsAtOnce))
        {
            var read = await context.ApiKeys.AsNoTracking().Where(key => part.Contains(key.Id) && key.Tags != null)
                .Select(key => new { key.Id, key.Tags }).ToListAsync(cancellationToken);
            foreach (var key in read) tags[key.Id] = WordList.Split(key.Tags)!;
        }

        return tags;
    }

    private static IEnumerable<UsageSum> ToGroups(
        RecordSum<RecordKey> sum, IReadOnlyList<UsageGrouping> groupings, ILookup<Guid, ChargeSetMember> scopes,
        Dictionary<Guid, IReadOnlyList<string>> tags)
    {
        var ofKey = groupings.Contains(UsageGrouping.Tag) && sum.Key.ApiKeyId is { } key ? tags.GetValueOrDefault(key) : null;
        foreach (var tag in ofKey ?? [""])
        {
            string[] values = [.. groupings.Select(grouping => grouping == UsageGrouping.Tag ? tag : ValueOf(sum.Key, grouping, scopes))];
            yield return sum.ToUsageSum(values[0]) with { More = values.Length == 1 ? [] : values[1..] };
        }
    }

    private static string ValueOf(RecordKey key, UsageGrouping grouping, ILookup<Guid, ChargeSetMember> scopes)
    {
        return grouping switch
        {
            UsageGrouping.User => key.UserId.ToString(),
            UsageGrouping.Model => key.Model!,
            UsageGrouping.Provider => key.Provider!,
            UsageGrouping.Key => key.ApiKeyId?.ToString() ?? "",
            UsageGrouping.Day => DailyUsageReports.GroupOf(key.Day),
            UsageGrouping.Organisation => ScopeOf(ScopeKind.Organisation),
            UsageGrouping.Team => ScopeOf(ScopeKind.Team),
            UsageGrouping.Project => ScopeOf(ScopeKind.Project),
            _ => key.EndUser ?? "",
        };

        string ScopeOf(ScopeKind kind) =>
            key.ChargeSet is { } set ? scopes[set].FirstOrDefault(member => member.Kind == (int)kind)?.ScopeId.ToString() ?? "" : "";
    }
}
