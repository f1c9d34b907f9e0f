using System.Globalization;

namespace AiGateway.Domain.Tests;

public sealed class DateSuffixTests
{
    [TestCase("gpt-4o-2024-11-20", '-', "gpt-4o", "2024-11-20")]
    [TestCase("claude-haiku-4-5-20251001", '-', "claude-haiku-4-5", "2025-10-01")]
    [TestCase("web_search_20260318", '_', "web_search", "2026-03-18")]
    [TestCase("web_search_preview_2025_03_11", '_', "web_search_preview", "2025-03-11")]
    public void TryCut_OfANameWithADate_YieldsStemAndDate(string name, char separator, string stem, string date)
    {
        Assert.That(DateSuffix.TryCut(name, separator, out var cut, out var day), Is.True);
        Assert.That((cut.ToString(), day.ToString("O", CultureInfo.InvariantCulture)), Is.EqualTo((stem, date)));
    }

    [TestCase("gpt-3.5-turbo-0125")]
    [TestCase("gpt-4o-2024-02-30", Description = "not a date")]
    [TestCase("gpt-4o-20241320")]
    [TestCase("gpt-4o2024-11-20")]
    [TestCase("gpt-4o_20241120", Description = "another separator")]
    [TestCase("-20241120", Description = "nothing before the date")]
    [TestCase("20241120")]
    [TestCase("")]
    public void TryCut_OfAnotherName_IsFalse(string name) => Assert.That(DateSuffix.TryCut(name, '-', out _, out _), Is.False);
}
