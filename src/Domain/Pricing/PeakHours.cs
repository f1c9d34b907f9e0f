namespace AiGateway.Domain;

/// <summary>Hours of the week, in UTC, in which a price is higher.</summary>
/// <param name="FirstDay">The first weekday.</param>
/// <param name="LastDay">The last weekday, included; before the first one: across the weekend.</param>
/// <param name="From">Start on each of these days, from 0 to 24 hours.</param>
/// <param name="To">End on the same day, excluded; later than the start, at most 24 hours.</param>
public readonly record struct PeakHours(DayOfWeek FirstDay, DayOfWeek LastDay, TimeSpan From, TimeSpan To)
{
    private const int DaysPerWeek = 7;

    /// <summary>Whether a call that lasted from one instant to another was under way in these hours.</summary>
    public bool Touches(DateTimeOffset start, DateTimeOffset end)
    {
        var midnight = start.UtcDateTime.Date;
        for (var i = 0; i < DaysPerWeek && midnight <= end.UtcDateTime; i++, midnight = midnight.AddDays(1))
        {
            if (IsOn(midnight.DayOfWeek) && start.UtcDateTime < midnight + To && end.UtcDateTime >= midnight + From) return true;
        }

        return false;
    }

    private bool IsOn(DayOfWeek day) => FirstDay <= LastDay ? day >= FirstDay && day <= LastDay : day >= FirstDay || day <= LastDay;
}
