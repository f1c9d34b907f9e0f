using AiGateway.Domain;

namespace AiGateway.Application.Usage;

/// <summary>How old a usage record must be before it may be removed.</summary>
internal static class RemovableUsage
{
    /// <summary>
    /// The first day that stays: that of the previous month. No request is under way as long as that, and no settlement
    /// comes as late, so that what is removed is final; budgets of the current month are always backed by records.
    /// </summary>
    public static DateOnly EndAt(DateTimeOffset now) => QuotaPeriod.MonthOf(now).Start.AddMonths(-1);
}
