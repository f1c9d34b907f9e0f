using System.Linq.Expressions;
using AiGateway.Application.Usage;
using AiGateway.Domain;
using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Persistence.Reports;

/// <summary>Sums the usage records of a period, in the database.</summary>
internal static class RecordReports
{
    public static Task<List<UsageSum>> SumAsync(
        GatewayContext context, UsageGrouping grouping, DateTimeOffset? from, DateTimeOffset? to, CancellationToken cancellationToken)
    {
        var records = context.UsageRecords.AsNoTracking().Counted();
        if (from is not null || to is not null) records = records.CreatedWithin(from, to);
        return grouping switch
        {
            UsageGrouping.User => SumByAsync(records, record => record.UserId, id => id.ToString(), cancellationToken),
            UsageGrouping.Model => SumByAsync(records, record => record.Model, name => name, cancellationToken),
            UsageGrouping.Provider => SumByAsync(records, record => record.Provider, name => name, cancellationToken),
            UsageGrouping.Key => SumByAsync(records, record => record.ApiKeyId, id => id?.ToString() ?? "", cancellationToken),
            _ => SumByAsync(records, record => record.Day, DailyUsageReports.GroupOf, cancellationToken),
        };
    }

    /// <summary>Sums records by a key, the groups with most requests first.</summary>
    public static Task<List<RecordSum<TKey>>> GroupAsync<TKey>(
        IQueryable<UsageRecord> records, Expression<Func<UsageRecord, TKey>> key, int most, CancellationToken cancellationToken) =>
        Grouped(records, key).OrderByDescending(sum => sum.Requests).Take(most).ToListAsync(cancellationToken);

    private static async Task<List<UsageSum>> SumByAsync<TKey>(
        IQueryable<UsageRecord> records,
        Expression<Func<UsageRecord, TKey>> key,
        Func<TKey, string> toGroup,
        CancellationToken cancellationToken)
    {
        var groups = await Grouped(records, key).ToListAsync(cancellationToken);
        return groups.ConvertAll(sum => sum.ToUsageSum(toGroup(sum.Key)));
    }

    // Held rows have maximum token counts and no cost; expired ones are charged at their maximum cost. Released ones have no
    // tokens and no cost.
    private static IQueryable<RecordSum<TKey>> Grouped<TKey>(IQueryable<UsageRecord> records, Expression<Func<UsageRecord, TKey>> key) =>
        records.GroupBy(key).Select(group => new RecordSum<TKey>
        {
            Key = group.Key,
            Requests = group.Sum(record => record.Status == UsageStatus.Released ? 0L : 1L),
            PromptTokens = group.Sum(record => record.Status == UsageStatus.Held ? 0 : record.PromptTokens),
            CompletionTokens = group.Sum(record => record.Status == UsageStatus.Held ? 0 : record.CompletionTokens),
            CostNanoUsd = group.Sum(record => record.CostNanoUsd),
            HeldNanoUsd = group.Sum(record => record.Status == UsageStatus.Held ? record.HeldNanoUsd : 0),
            Errors = group.Sum(record => record.ErrorCode != null && record.ErrorCode != UsageErrors.CallerLeft ? 1L : 0L),
            Answered = group.Sum(record => record.ErrorCode == null && record.LatencyMs != null ? 1L : 0L),
            LatencyMs = group.Sum(record => record.ErrorCode == null && record.LatencyMs != null ? record.LatencyMs.Value : 0L),
        });
}

/// <summary>The sums of the records with one key.</summary>
internal sealed record RecordSum<TKey>
{
    public required TKey Key { get; init; }

    public required long Requests { get; init; }

    public required long PromptTokens { get; init; }

    public required long CompletionTokens { get; init; }

    public required long CostNanoUsd { get; init; }

    public required long HeldNanoUsd { get; init; }

    public required long Errors { get; init; }

    public required long Answered { get; init; }

    public required long LatencyMs { get; init; }

    public UsageSum ToUsageSum(string group) => new(group, Requests, PromptTokens, CompletionTokens, CostNanoUsd, HeldNanoUsd)
    {
        Outcomes = new(Errors, Answered, LatencyMs),
    };
}
