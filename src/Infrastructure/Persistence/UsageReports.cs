using System.Globalization;
using System.Linq.Expressions;
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
        var records = Between(context, filter.From, filter.To);
        if (filter.UserId is { } user) records = records.Where(record => record.UserId == user);
        if (filter.Model is { } model) records = records.Where(record => record.Model == model);
        if (filter.Before is { } last)
        {
            records = records.Where(record => record.CreatedAt < last.CreatedAt
                || (record.CreatedAt == last.CreatedAt && record.Id < last.Id));
        }

        return await records.OrderByDescending(record => record.CreatedAt).ThenByDescending(record => record.Id)
            .Take(filter.Limit).ToListAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<UsageSum>> SumAsync(
        UsageGrouping grouping, DateTimeOffset? from, DateTimeOffset? to, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var records = Between(context, from, to).Where(record => record.Status != UsageStatus.Released);
        var sums = await (grouping switch
        {
            UsageGrouping.User => SumByAsync(records, record => record.UserId, id => id.ToString(), cancellationToken),
            UsageGrouping.Model => SumByAsync(records, record => record.Model, name => name, cancellationToken),
            UsageGrouping.Provider => SumByAsync(records, record => record.Provider, name => name, cancellationToken),
            UsageGrouping.Key => SumByAsync(records, record => record.ApiKeyId, id => id?.ToString() ?? "", cancellationToken),
            _ => SumByAsync(
                records, record => record.Day, day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), cancellationToken),
        });
        return [.. sums.OrderByDescending(sum => sum.CostNanoUsd).ThenBy(sum => sum.Group, StringComparer.Ordinal)];
    }

    private static IQueryable<UsageRecord> Between(GatewayContext context, DateTimeOffset? from, DateTimeOffset? to)
    {
        var records = context.UsageRecords.AsNoTracking();
        if (from is { } first) records = records.Where(record => record.CreatedAt >= first);
        if (to is { } end) records = records.Where(record => record.CreatedAt < end);
        return records;
    }

    // Held rows carry worst-case tokens and no cost, abandoned ones are booked at their worst case.
    private static async Task<List<UsageSum>> SumByAsync<TKey>(
        IQueryable<UsageRecord> records,
        Expression<Func<UsageRecord, TKey>> key,
        Func<TKey, string> toGroup,
        CancellationToken cancellationToken)
    {
        var groups = await records.GroupBy(key)
            .Select(group => new
            {
                group.Key,
                Requests = group.LongCount(),
                PromptTokens = group.Sum(record => record.Status == UsageStatus.Held ? 0 : record.PromptTokens),
                CompletionTokens = group.Sum(record => record.Status == UsageStatus.Held ? 0 : record.CompletionTokens),
                CostNanoUsd = group.Sum(record => record.CostNanoUsd),
                HeldNanoUsd = group.Sum(record => record.Status == UsageStatus.Held ? record.HeldNanoUsd : 0),
            })
            .ToListAsync(cancellationToken);
        return groups.ConvertAll(sum => new UsageSum(
            toGroup(sum.Key), sum.Requests, sum.PromptTokens, sum.CompletionTokens, sum.CostNanoUsd, sum.HeldNanoUsd));
    }
}
