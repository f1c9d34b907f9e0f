namespace AiGateway.Infrastructure.Persistence.Reports;

/// <summary>The values of a day's counters, over all users.</summary>
internal readonly record struct DayCount(DateOnly Day, long Requests, long CostNanoUsd, long HeldNanoUsd);

/// <summary>The values of a day's sums, over all groups of one grouping.</summary>
internal readonly record struct DayTotal(DateOnly Day, bool Archived, long Requests, long CostNanoUsd);

/// <summary>The parts of a period that daily sums answer, and the parts that records must answer.</summary>
/// <param name="Days">First whole day, and the day after the last; null: no end on that side.</param>
/// <param name="Unanswered">Whole days with counters or sums that must be answered from records.</param>
/// <param name="Stale">The days among them whose sums of present records are outdated.</param>
/// <param name="Records">The rest of the period, in pieces.</param>
/// <param name="CutArchivedDay">A day with archived records of which the period covers only a part; null: none.</param>
internal sealed record DailyUsageCoverage(
    (DateOnly? First, DateOnly? End) Days,
    IReadOnlyList<DateOnly> Unanswered,
    IReadOnlyList<DateOnly> Stale,
    IReadOnlyList<(DateTimeOffset? From, DateTimeOffset? To)> Records,
    DateOnly? CutArchivedDay)
{
    /// <summary>
    /// A day is answered by its sums when they are complete: they equal the counters of the day, and nothing is held.
    /// Between two such days, a day without counters has no records. A day whose counters are all zero may have failed requests,
    /// so it needs sums as well.
    /// </summary>
    public static DailyUsageCoverage Of(
        DateTimeOffset? from, DateTimeOffset? to, IEnumerable<DayCount> counters, IReadOnlyCollection<DayTotal> totals)
    {
        (DateOnly? First, DateOnly? End) whole = (from is { } first ? Ceiling(first) : null, to is { } end ? Floor(end) : null);
        var counted = counters.ToDictionary(count => count.Day);
        var summed = totals.ToLookup(total => total.Day);
        var pieces = new List<(DateTimeOffset?, DateTimeOffset?)>();
        var (unanswered, stale) = (new List<DateOnly>(), new List<DateOnly>());
        DateOnly? cut = null;
        var (open, isOpen) = (from, true);
        foreach (var day in counted.Keys.Union(summed.Select(each => each.Key)).Order())
        {
            var isWhole = (whole.First is null || day >= whole.First) && (whole.End is null || day < whole.End);
            if (isWhole && (summed.Contains(day) || !counted.ContainsKey(day)) && IsAnswered(counted.GetValueOrDefault(day), summed[day]))
            {
                if (isOpen) AddPiece(open, StartOf(day));
                (open, isOpen) = (StartOf(day.AddDays(1)), false);
                continue;
            }

            isOpen = true;
            if (isWhole) unanswered.Add(day);
            if (isWhole && summed[day].Any(total => !total.Archived)) stale.Add(day);
            if (!isWhole && summed[day].Any(total => total.Archived) && StartOf(day) < (to ?? DateTimeOffset.MaxValue)
                && StartOf(day.AddDays(1)) > (from ?? DateTimeOffset.MinValue)) cut ??= day;
        }

        AddPiece(open, to);
        return new(whole, unanswered, stale, pieces, cut);

        void AddPiece(DateTimeOffset? start, DateTimeOffset? stop)
        {
            if (start is null || stop is null || start < stop) pieces.Add((start, stop));
        }
    }

    private static bool IsAnswered(DayCount count, IEnumerable<DayTotal> totals)
    {
        var (requests, cost) = (0L, 0L);
        foreach (var total in totals) (requests, cost) = (requests + total.Requests, cost + total.CostNanoUsd);
        return count.HeldNanoUsd == 0 && count.Requests == requests && count.CostNanoUsd == cost;
    }

    private static DateOnly Floor(DateTimeOffset at) => DateOnly.FromDateTime(at.UtcDateTime);

    private static DateOnly Ceiling(DateTimeOffset at) =>
        at.UtcDateTime.TimeOfDay == TimeSpan.Zero || Floor(at) == DateOnly.MaxValue ? Floor(at) : Floor(at).AddDays(1);

    private static DateTimeOffset StartOf(DateOnly day) => new(day, TimeOnly.MinValue, TimeSpan.Zero);
}
