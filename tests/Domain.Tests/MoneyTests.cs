using System.Globalization;

namespace AiGateway.Domain.Tests;

public sealed class MoneyTests
{
    [TestCase("0", ExpectedResult = 0)]
    [TestCase("10.00", ExpectedResult = 10_000_000_000)]
    [TestCase("0.000000001", ExpectedResult = 1)]
    [TestCase("-0.5", ExpectedResult = -500_000_000)]
    [TestCase("9223372036", ExpectedResult = 9_223_372_036_000_000_000)]
    public long FromUsd_OfAnAmountThatFits_IsExact(string usd) => Money.FromUsd(Usd(usd));

    [TestCase("0.0000000001", "finer")]
    [TestCase("0.1234567891", "finer")]
    [TestCase("9223372037", "fit")]
    [TestCase("-9223372037", "fit")]
    [TestCase("79228162514264337593543950335", "fit")]
    public void FromUsd_OfAnAmountThatDoesNotFit_Throws(string usd, string why) =>
        Assert.That(() => Money.FromUsd(Usd(usd)), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains(why));

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(-1)]
    [TestCase(123_456_789_012)]
    [TestCase(9_223_372_036_000_000_000)]
    public void ToUsd_AndBack_ChangesNothing(long nanoUsd) =>
        Assert.That(Money.FromUsd(Money.ToUsd(nanoUsd)), Is.EqualTo(nanoUsd));

    [Test]
    public void ToUsd_OfTheLargestAmount_IsExact() =>
        Assert.That(Money.ToUsd(long.MaxValue), Is.EqualTo(9_223_372_036.854775807m));

    [Test]
    public void ToUsd_OfNull_IsNull() => Assert.That(Money.ToUsd((long?)null), Is.Null);

    private static decimal Usd(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}
