namespace AiGateway.Domain;

/// <summary>
/// One UTC day or month. A request counts permanently in the periods of its hold. A new period is a new row; nothing is ever
/// reset.
/// </summary>
public readonly record struct QuotaPeriod(PeriodKind Kind, DateOnly Start)
{
    /// <summary>The instant at which the next period of the kind begins.</summary>
    public DateTimeOffset ResetsAt =>
        new(Kind == PeriodKind.Day ? Start.AddDays(1) : Start.AddMonths(1), TimeOnly.MinValue, TimeSpan.Zero);

    /// <summary>The UTC day of an instant.</summary>
    public static QuotaPeriod DayOf(DateTimeOffset at) => new(PeriodKind.Day, DateOnly.FromDateTime(at.UtcDateTime));

    /// <summary>The UTC month of an instant.</summary>
    public static QuotaPeriod MonthOf(DateTimeOffset at)
    {
        var day = DateOnly.FromDateTime(at.UtcDateTime);
        return new(PeriodKind.Month, new DateOnly(day.Year, day.Month, 1));
    }
}

/// <summary>Lengths of time over which usage is counted. The numbers are stored.</summary>
public enum PeriodKind
{
    /// <summary>A day; UTC, or in the time zone of a scope.</summary>
    Day = 1,

    /// <summary>A calendar month.</summary>
    Month = 2,

    /// <summary>Monday to Sunday.</summary>
    Week = 3,

    /// <summary>Three calendar months, from January, April, July or October.</summary>
    Quarter = 4,

    /// <summary>A calendar year.</summary>
    Year = 5,

    /// <summary>All time.</summary>
    Total = 6,

    /// <summary>A number of days, from a given day on.</summary>
    Days = 7,
}
