using AiGateway.Application.Usage;

namespace AiGateway.Infrastructure.Persistence.Mapping;

/// <summary>
/// The sums of the usage records of one UTC day and one group, as in <see cref="UsageSum"/>; none of the records is held.
/// </summary>
internal sealed class DailyUsage
{
    /// <summary>The grouping; never <see cref="UsageGrouping.Day"/>, which is the total of any other grouping.</summary>
    public required UsageGrouping Grouping { get; init; }

    public required DateOnly Day { get; init; }

    /// <summary>The group's value, as <see cref="UsageGrouping"/> says.</summary>
    public required string Group { get; init; }

    /// <summary>
    /// True: the records were archived, and the sum replaces them permanently. False: the records still exist, and the sum
    /// is valid only while it agrees with the counters of the day.
    /// </summary>
    public required bool Archived { get; init; }

    public long Requests { get; init; }

    public long PromptTokens { get; init; }

    public long CompletionTokens { get; init; }

    public long CostNanoUsd { get; init; }

    /// <summary>As in <see cref="UsageOutcomes"/>; null: kept by a version that did not count it. So are the next two.</summary>
    public long? Errors { get; init; }

    public long? Answered { get; init; }

    public long? LatencyMs { get; init; }
}
