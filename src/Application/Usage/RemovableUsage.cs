using AiGateway.Domain;

namespace AiGateway.Application.Usage;

/// <summary>How old a usage record must be before it may be removed.</summary>
internal static class RemovableUsage
{
    /// <summary>
    /// The first day that stays: the first day of the previous month. No request runs that long and no settlement comes that
    /// late, so removed records are final. Budgets of the current month always have their records.
    /// </summary>
    public static DateOnly EndAt(DateTimeOffset now) => QuotaPeriod.MonthOf(now).Start.AddMonths(-1);
}
