using AiGateway.Domain;

namespace AiGateway.Application.Usage;

/// <summary>Reads usage records and their sums.</summary>
public interface IUsageReports
{
    /// <summary>Usage records, newest first, one page of at most <see cref="UsageFilter.Limit"/>.</summary>
    Task<IReadOnlyList<UsageRecord>> ListAsync(UsageFilter filter, CancellationToken cancellationToken);

    /// <summary>How many usage records are selected; it stops counting at <paramref name="most"/>.</summary>
    Task<int> CountAsync(UsageSelection records, int most, CancellationToken cancellationToken);

    /// <summary>Sums of usage records by properties, largest cost first.</summary>
    /// <exception cref="InvalidRequestException">
    /// Records of the period are archived and their sums do not answer the report, or it has too many groups.
    /// </exception>
    Task<IReadOnlyList<UsageSum>> SumAsync(
        IReadOnlyList<UsageGrouping> groupings, UsageSelection records, CancellationToken cancellationToken);
}
