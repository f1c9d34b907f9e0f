using AiGateway.Application.Usage;
using AiGateway.Domain;

namespace AiGateway.Application.Ports;

/// <summary>Reads usage records and their sums.</summary>
public interface IUsageReports
{
    /// <summary>Usage records, newest first, one page of at most <see cref="UsageFilter.Limit"/>.</summary>
    Task<IReadOnlyList<UsageRecord>> ListAsync(UsageFilter filter, CancellationToken cancellationToken);

    /// <summary>Sums of usage records by a property, largest cost first.</summary>
    Task<IReadOnlyList<UsageSum>> SumAsync(UsageGrouping grouping, DateTimeOffset? from, DateTimeOffset? to, CancellationToken cancellationToken);
}
