using AiGateway.Application.Usage;

namespace AiGateway.Infrastructure.Persistence;

/// <summary>
/// The usage records of one UTC day and one group, added up as <see cref="UsageSum"/> does; none of them is held.
/// </summary>
internal sealed class UsageDaySum
{
    /// <summary>By what; never <see cref="UsageGrouping.Day"/>, which is any other grouping added up.</summary>
    public required UsageGrouping Grouping { get; init; }

    public required DateOnly Day { get; init; }

    /// <summary>The group's value, as <see cref="UsageGrouping"/> says.</summary>
    public required string Group { get; init; }

    /// <summary>
    /// True: the records were removed, and this stands in their place for good. False: they are still there, and this
    /// is true only as long as it agrees with the day's counters.
    /// </summary>
    public required bool Archived { get; init; }

    public long Requests { get; init; }

    public long PromptTokens { get; init; }

    public long CompletionTokens { get; init; }

    public long CostNanoUsd { get; init; }
}
