using AiGateway.Application.Ports;
using AiGateway.Application.Usage;
using AiGateway.Domain;
using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Persistence;

internal sealed class UsageReports(IDbContextFactory<GatewayContext> contexts) : IUsageReports
{
    public async Task<IReadOnlyList<UsageRecord>> ListAsync(UsageFilter filter, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var records = context.UsageRecords.AsNoTracking().Where(record => record.UserId == filter.UserId);
        if (filter.From is { } first) records = records.Where(record => record.CreatedAt >= first);
        if (filter.To is { } end) records = records.Where(record => record.CreatedAt < end);
        if (filter.Model is { } model) records = records.Where(record => record.Model == model);
        if (filter.Before is { } last)
        {
            // An index can serve the first half of this condition, but not a disjunction.
            records = records.Where(record => record.CreatedAt <= last.CreatedAt
                && (record.CreatedAt < last.CreatedAt || record.Id < last.Id));
        }

        return await records.OrderByDescending(record => record.CreatedAt).ThenByDescending(record => record.Id)
            .Take(filter.Limit).ToListAsync(cancellationToken);
    }

    public Task<IReadOnlyList<UsageSum>> SumAsync(
        UsageGrouping grouping, DateTimeOffset? from, DateTimeOffset? to, CancellationToken cancellationToken) =>
        contexts.RunAsync((context, attempt) => SumAsync(context, grouping, from, to, attempt), cancellationToken);

    private static async Task<IReadOnlyList<UsageSum>> SumAsync(
        GatewayContext context, UsageGrouping grouping, DateTimeOffset? from, DateTimeOffset? to, CancellationToken cancellationToken)
    {
        await using var state = await context.BeginReportAsync(cancellationToken);
        var coverage = await DaySumQueries.CoverAsync(context, from, to, cancellationToken);
        if (coverage.CutArchivedDay is { } day)
        {
            throw new InvalidRequestException(
                from > new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero) ? "from" : "to",
                $"must not fall within {DaySums.GroupOf(day)}: records of that day are archived, and only the sums of the whole day are kept");
        }

        var sums = await DaySumQueries.SumDaysAsync(context, grouping, coverage, cancellationToken);
        foreach (var (start, stop) in coverage.Records)
            sums.AddRange(await RecordSums.SumAsync(context, grouping, start, stop, cancellationToken));

        return
        [
            .. sums.GroupBy(sum => sum.Group, StringComparer.Ordinal).Select(Add)
                .OrderByDescending(sum => sum.CostNanoUsd).ThenBy(sum => sum.Group, StringComparer.Ordinal),
        ];
    }

    private static UsageSum Add(IEnumerable<UsageSum> parts) => parts.Aggregate((sum, part) => checked(new UsageSum(
        sum.Group,
        sum.Requests + part.Requests,
        sum.PromptTokens + part.PromptTokens,
        sum.CompletionTokens + part.CompletionTokens,
        sum.CostNanoUsd + part.CostNanoUsd,
        sum.HeldNanoUsd + part.HeldNanoUsd)));
}
