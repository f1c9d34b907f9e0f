namespace AiGateway.Domain;

/// <summary>A length of time over which use is counted, in days of a scope's time zone.</summary>
/// <param name="Kind">The length.</param>
/// <param name="Days">The number of days for <see cref="PeriodKind.Days"/>; else 0.</param>
/// <param name="From">The first day of the first window for <see cref="PeriodKind.Days"/>; else unused.</param>
public readonly record struct BudgetWindow(PeriodKind Kind, int Days = 0, DateOnly From = default)
{
    /// <summary>A window without end.</summary>
    public static readonly BudgetWindow Total = new(PeriodKind.Total);

    private const int DaysCode = 1000;

    /// <summary>The number that stands for the length in the database: the kind, or 1000 and the number of days.</summary>
    public int Code => Kind == PeriodKind.Days ? DaysCode + Days : (int)Kind;

    /// <summary>The first day of the window with this day.</summary>
    public DateOnly StartOf(DateOnly day) => Kind switch
    {
        PeriodKind.Day => day,
        PeriodKind.Week => day.AddDays(-(((int)day.DayOfWeek + 6) % 7)),
        PeriodKind.Month => new(day.Year, day.Month, 1),
        PeriodKind.Quarter => new(day.Year, ((day.Month - 1) / 3 * 3) + 1, 1),
        PeriodKind.Year => new(day.Year, 1, 1),
        PeriodKind.Days => day.AddDays(-Modulo(day.DayNumber - From.DayNumber, Days)),
        _ => DateOnly.MinValue,
    };

    /// <summary>The first day after a window that starts on this day; null: it never ends.</summary>
    public DateOnly? EndOf(DateOnly start) => LengthOf(Code, start);

    /// <summary>The first day of the window before; null: there is none.</summary>
    public DateOnly? Before(DateOnly start) => Kind == PeriodKind.Total || start == DateOnly.MinValue ? null : StartOf(start.AddDays(-1));

    /// <summary>The window of a stored length; a window of days begins anywhere.</summary>
    public static BudgetWindow OfCode(int code) => code > DaysCode ? new(PeriodKind.Days, code - DaysCode) : new((PeriodKind)code);

    /// <summary>The name of a stored length, such as <c>month</c> or <c>30 days</c>.</summary>
    public static string NameOf(int code) => code > DaysCode ? $"{code - DaysCode} days" : ((PeriodKind)code).ToString().ToLowerInvariant();

    /// <summary>The first day after a window of this stored length.</summary>
    /// <param name="code">A <see cref="Code"/>.</param>
    /// <param name="start">The first day of the window.</param>
    public static DateOnly? LengthOf(int code, DateOnly start) => code > DaysCode
        ? start.AddDays(code - DaysCode)
        : (PeriodKind)code switch
        {
            PeriodKind.Day => start.AddDays(1),
            PeriodKind.Week => start.AddDays(7),
            PeriodKind.Month => start.AddMonths(1),
            PeriodKind.Quarter => start.AddMonths(3),
            PeriodKind.Year => start.AddYears(1),
            _ => null,
        };

    private static int Modulo(int number, int length) => ((number % length) + length) % length;
}
