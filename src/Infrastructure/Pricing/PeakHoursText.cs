using System.Globalization;
using AiGateway.Domain;

namespace AiGateway.Infrastructure.Pricing;

/// <summary>Peak hours as a price file has them: <c>mon-fri 01:00-04:00</c> or <c>sat 22:00-24:00</c>, in UTC.</summary>
internal static class PeakHoursText
{
    private const string EndOfDay = "24:00";
    private static readonly string[] Days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    /// <summary>The hours; null for another text.</summary>
    public static PeakHours? Parse(string text)
    {
        if (text.Split(' ') is not [var days, var hours]) return null;
        var (first, last) = days.Split('-') switch
        {
            [var only] => (only, only),
            [var from, var to] => (from, to),
            _ => ("", ""),
        };
        if (Array.IndexOf(Days, first) is not (>= 0 and var firstDay) || Array.IndexOf(Days, last) is not (>= 0 and var lastDay)) return null;
        return hours.Split('-') is [var start, var end] && TimeOf(start) is { } from24 && TimeOf(end) is { } to24 && from24 < to24
            ? new PeakHours((DayOfWeek)firstDay, (DayOfWeek)lastDay, from24, to24)
            : null;
    }

    /// <summary>The text of the hours.</summary>
    public static string Write(PeakHours hours)
    {
        var (first, last) = (Days[(int)hours.FirstDay], Days[(int)hours.LastDay]);
        return $"{(first == last ? first : $"{first}-{last}")} {TextOf(hours.From)}-{TextOf(hours.To)}";
    }

    private static TimeSpan? TimeOf(string text)
    {
        if (text == EndOfDay) return TimeSpan.FromDays(1);
        return TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time.ToTimeSpan() : null;
    }

    private static string TextOf(TimeSpan time) =>
        time == TimeSpan.FromDays(1) ? EndOfDay : time.ToString(@"hh\:mm", CultureInfo.InvariantCulture);
}
