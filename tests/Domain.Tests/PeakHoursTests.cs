using System.Globalization;

namespace AiGateway.Domain.Tests;

public sealed class PeakHoursTests
{
    private static readonly PeakHours Workdays = new(DayOfWeek.Monday, DayOfWeek.Friday, TimeSpan.FromHours(1), TimeSpan.FromHours(4));
    private static readonly PeakHours Weekend = new(DayOfWeek.Saturday, DayOfWeek.Sunday, TimeSpan.FromHours(22), TimeSpan.FromHours(24));

    // 2026-11-23 is a Monday.
    [TestCase("2026-11-23T00:00Z", "2026-11-23T00:59:59Z", ExpectedResult = false)]
    [TestCase("2026-11-23T01:00Z", "2026-11-23T01:00Z", ExpectedResult = true, Description = "the first instant is a peak hour")]
    [TestCase("2026-11-23T00:59Z", "2026-11-23T01:00Z", ExpectedResult = true, Description = "it ends in the peak hours")]
    [TestCase("2026-11-23T03:59Z", "2026-11-23T04:10Z", ExpectedResult = true, Description = "it begins in the peak hours")]
    [TestCase("2026-11-23T04:00Z", "2026-11-23T04:10Z", ExpectedResult = false, Description = "the end of the hours does not count")]
    [TestCase("2026-11-23T00:00Z", "2026-11-23T09:00Z", ExpectedResult = true, Description = "it spans the peak hours")]
    [TestCase("2026-11-22T23:00Z", "2026-11-23T01:30Z", ExpectedResult = true, Description = "across midnight into Monday")]
    [TestCase("2026-11-28T02:00Z", "2026-11-28T03:00Z", ExpectedResult = false, Description = "Saturday")]
    [TestCase("2026-11-28T05:00Z", "2026-11-30T00:30Z", ExpectedResult = false, Description = "a whole weekend")]
    [TestCase("2026-11-28T05:00Z", "2027-01-01T00:30Z", ExpectedResult = true, Description = "longer than a week")]
    [TestCase("2026-11-23T02:00+08:00", "2026-11-23T03:00+08:00", ExpectedResult = false, Description = "hours are UTC: Sunday evening")]
    [TestCase("2026-11-23T10:00+08:00", "2026-11-23T11:00+08:00", ExpectedResult = true)]
    public bool Touches_ACall_IsTrueIfItOverlapsPeakHours(string start, string end) => Workdays.Touches(Instant(start), Instant(end));

    [TestCase("2026-11-28T22:30Z", ExpectedResult = true, Description = "Saturday")]
    [TestCase("2026-11-29T23:59Z", ExpectedResult = true, Description = "Sunday, to midnight")]
    [TestCase("2026-11-30T00:00Z", ExpectedResult = false, Description = "Monday")]
    [TestCase("2026-11-25T22:30Z", ExpectedResult = false, Description = "Wednesday")]
    public bool Touches_AcrossTheEndOfTheWeek_CountsTheDaysBetween(string at) => Weekend.Touches(Instant(at), Instant(at));

    private static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
