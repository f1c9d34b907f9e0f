using AiGateway.Infrastructure.Persistence.Mapping;

namespace AiGateway.Infrastructure.Tests.Persistence;

internal sealed class StoredTextTests
{
    [TestCase("", "")]
    [TestCase("abcde", "abcde")]
    [TestCase("abcdef", "abcde")]
    [TestCase("a\0b", "ab")]
    [TestCase("abcd🙂", "abcd", Description = "a pair is not cut in two")]
    [TestCase("abc🙂", "abc🙂")]
    public void Fit_ToFiveCharacters_KeepsWhatCanBeStored(string text, string expected) =>
        Assert.That(StoredText.Fit(text, 5), Is.EqualTo(expected));

    // This is no test case, because an attribute cannot contain half a surrogate pair.
    [Test]
    public void Fit_WhenASurrogatePairIsHalf_ReplacesIt() =>
        Assert.That(StoredText.Fit("a\ud800b", 5), Is.EqualTo("a\ufffdb"));

    [TestCase(2026, 1, 9, 20260109)]
    [TestCase(1, 1, 1, 10101)]
    [TestCase(9999, 12, 31, 99991231)]
    public void DayConverter_ToANumberAndBack_IsTheSameDay(int year, int month, int day, int number)
    {
        var date = new DateOnly(year, month, day);
        Assert.That((DayConverter.ToNumber(date), DayConverter.FromNumber(number)), Is.EqualTo((number, date)));
    }
}
