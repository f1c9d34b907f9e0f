using System.Linq.Expressions;
using AiGateway.Application.Usage;
using AiGateway.Domain;
using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Persistence;

/// <summary>Sums the usage records of a period, in the database.</summary>
internal static class RecordSums
{
    public static Task<List<UsageSum>> SumAsync(
        GatewayContext context, UsageGrouping grouping, DateTimeOffset? from, DateTimeOffset? to, CancellationToken cancellationToken)
    {
        var records = context.UsageRecords.AsNoTracking().Where(record => record.Status != UsageStatus.Released);
        if (from is not null || to is not null)
        {
            // Always with both bounds: SQLite takes a range with one bound for large, and scans the whole index over users
            // instead.
            var (first, end) = (from ?? DateTimeOffset.UnixEpoch, to ?? DateTimeOffset.MaxValue);
            records = records.Where(record => record.CreatedAt >= first && record.CreatedAt < end);
        }

        return grouping switch
        {
            UsageGrouping.User => SumByAsync(records, record => record.UserId, id => id.ToString(), cancellationToken),
            UsageGrouping.Model => SumByAsync(records, record => record.Model, name => name, cancellationToken),
            UsageGrouping.Provider => SumByAsync(records, record => record.Provider, name => name, cancellationToken),
            UsageGrouping.Key => SumByAsync(records, record => record.ApiKeyId, id => id?.ToString() ?? "", cancellationToken),
            _ => SumByAsync(records, record => record.Day, DaySums.GroupOf, cancellationToken),
        };
    }

    // Held rows have maximum token counts and no cost; expired ones are charged at their maximum cost.
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
