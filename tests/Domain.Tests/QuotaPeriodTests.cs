using System.Globalization;

namespace AiGateway.Domain.Tests;

public sealed class QuotaPeriodTests
{
    [TestCase("2026-11-23T12:00:00Z", "2026-11-23", "2026-11-24")]
    [TestCase("2026-11-23T00:00:00.0000000Z", "2026-11-23", "2026-11-24")]
    [TestCase("2026-11-23T23:59:59.9999999Z", "2026-11-23", "2026-11-24")]
    [TestCase("2026-12-31T23:59:59Z", "2026-12-31", "2027-01-01")]
    [TestCase("2028-02-28T10:00:00Z", "2028-02-28", "2028-02-29")]
    [TestCase("2028-02-29T10:00:00Z", "2028-02-29", "2028-03-01")]
    [TestCase("2027-02-28T10:00:00Z", "2027-02-28", "2027-03-01")]
    [TestCase("2026-11-23T01:30:00+02:00", "2026-11-22", "2026-11-23", Description = "still the day before in UTC")]
    [TestCase("2026-11-30T20:00:00-05:00", "2026-12-01", "2026-12-02", Description = "already the next day in UTC")]
    public void DayOf_AnInstant_IsItsUtcDay(string at, string start, string resets) =>
        AssertPeriod(QuotaPeriod.DayOf(Instant(at)), PeriodKind.Day, start, resets);

    [TestCase("2026-11-23T12:00:00Z", "2026-11-01", "2026-12-01")]
    [TestCase("2026-11-01T00:00:00Z", "2026-11-01", "2026-12-01")]
    [TestCase("2026-11-30T23:59:59.9999999Z", "2026-11-01", "2026-12-01")]
    [TestCase("2026-12-31T23:59:59Z", "2026-12-01", "2027-01-01")]
    [TestCase("2028-02-29T23:59:59Z", "2028-02-01", "2028-03-01")]
    [TestCase("2026-12-01T00:30:00+01:00", "2026-11-01", "2026-12-01", Description = "still the month before in UTC")]
    [TestCase("2026-12-31T23:00:00-08:00", "2027-01-01", "2027-02-01", Description = "already the next year in UTC")]
    public void MonthOf_AnInstant_IsItsUtcMonth(string at, string start, string resets) =>
        AssertPeriod(QuotaPeriod.MonthOf(Instant(at)), PeriodKind.Month, start, resets);

    private static void AssertPeriod(QuotaPeriod period, PeriodKind kind, string start, string resets) => Assert.Multiple(() =>
    {
        Assert.That(period, Is.EqualTo(new QuotaPeriod(kind, DateOnly.Parse(start, CultureInfo.InvariantCulture))));
        Assert.That(period.ResetsAt, Is.EqualTo(Instant($"{resets}T00:00:00Z")));
        Assert.That(period.ResetsAt.Offset, Is.EqualTo(TimeSpan.Zero));
    });

    private static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
