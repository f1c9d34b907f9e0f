using AiGateway.Application.Usage;
using AiGateway.Domain;
using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Persistence.Reports;

internal sealed class UsageReports(IDbContextFactory<GatewayContext> contexts) : IUsageReports
{
    public async Task<IReadOnlyList<UsageRecord>> ListAsync(UsageFilter filter, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var records = context.Selected(filter.Records);
        if (filter.Before is { } last)
        {
            // An index can serve the first half of this condition, but not a disjunction.
            records = records.Where(record => record.CreatedAt <= last.CreatedAt
                && (record.CreatedAt < last.CreatedAt || record.Id < last.Id));
        }

        return await records.OrderByDescending(record => record.CreatedAt).ThenByDescending(record => record.Id)
            .Take(filter.Limit).ToListAsync(cancellationToken);
    }

    public async Task<int> CountAsync(UsageSelection records, int most, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Selected(records).Take(most).CountAsync(cancellationToken);
    }

    public Task<IReadOnlyList<UsageSum>> SumAsync(
        IReadOnlyList<UsageGrouping> groupings, UsageSelection records, CancellationToken cancellationToken) => contexts.RunAsync(
        async (context, attempt) =>
        {
            await using var state = await context.BeginReportAsync(attempt);
            return records.IsSummedByDay(groupings)
                ? await SumAsync(context, groupings[0], records.From, records.To, attempt)
                : InOrder(await SelectedSums.SumAsync(context, groupings, records, attempt));
        },
        cancellationToken);

    private static async Task<IReadOnlyList<UsageSum>> SumAsync(
        GatewayContext context, UsageGrouping grouping, DateTimeOffset? from, DateTimeOffset? to, CancellationToken cancellationToken)
    {
        var coverage = await DailyUsageQueries.CoverAsync(context, from, to, cancellationToken);
        if (coverage.CutArchivedDay is { } day)
        {
            throw new InvalidRequestException(
                from > new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero) ? "from" : "to",
                $"must not fall within {DailyUsageReports.GroupOf(day)}: records of that day are archived, and only the sums of the whole day are kept");
        }

        var sums = await DailyUsageQueries.SumDaysAsync(context, grouping, coverage, cancellationToken);
        foreach (var (start, stop) in coverage.Records)
            sums.AddRange(await RecordReports.SumAsync(context, grouping, start, stop, cancellationToken));

        return InOrder(sums);
    }

    /// <summary>Adds up equal groups; the largest cost first.</summary>
    public static IReadOnlyList<UsageSum> InOrder(IEnumerable<UsageSum> sums) =>
    [
        .. sums.GroupBy(sum => string.Join('\0', sum.More.Prepend(sum.Group)), StringComparer.Ordinal).Select(Add)
            .OrderByDescending(sum => sum.CostNanoUsd).ThenBy(sum => sum.Group, StringComparer.Ordinal)
            .ThenBy(sum => string.Join('\0', sum.More), StringComparer.Ordinal),
    ];

    private static UsageSum Add(IEnumerable<UsageSum> parts) => parts.Aggregate((sum, part) => checked(sum with
    {
        Requests = sum.Requests + part.Requests,
        PromptTokens = sum.PromptTokens + part.PromptTokens,
        CompletionTokens = sum.CompletionTokens + part.CompletionTokens,
        CostNanoUsd = sum.CostNanoUsd + part.CostNanoUsd,
        HeldNanoUsd = sum.HeldNanoUsd + part.HeldNanoUsd,
        Outcomes = sum.Outcomes + part.Outcomes,
    }));
}
