using AiGateway.Infrastructure.Pricing;
using AiGateway.Infrastructure.Pricing.Import;

namespace AiGateway.Infrastructure.Tests.Pricing.Import;

public sealed class UsdNumberTests
{
    [TestCase("0", ExpectedResult = 0L)]
    [TestCase("0.00", ExpectedResult = 0L)]
    [TestCase("2", ExpectedResult = 2_000_000_000L)]
    [TestCase("0.0375", ExpectedResult = 37_500_000L)]
    [TestCase("2.5E-1", ExpectedResult = 250_000_000L)]
    [TestCase("0.000000001", ExpectedResult = 1L)]
    [TestCase("1e6", ExpectedResult = 1_000_000_000_000_000L)]
    [TestCase("0.30000000000000004", ExpectedResult = 300_000_000L, Description = "0.1 + 0.2 as a double")]
    public long PerMillion_OfDigits_IsExact(string json) => UsdNumber.ToNanoUsdPerMillion(json, UsdUnit.PerMillion, "x");

    [TestCase("4e-06", ExpectedResult = 4_000_000_000L)]
    [TestCase("4.000000000000001e-06", ExpectedResult = 4_000_000_000L)]
    [TestCase("3.9999999999999996e-06", ExpectedResult = 4_000_000_000L)]
    [TestCase("1.25e-07", ExpectedResult = 125_000_000L)]
    [TestCase("0.000015", ExpectedResult = 15_000_000_000L)]
    [TestCase("1e-15", ExpectedResult = 1L)]
    public long PerToken_OfDigits_IsExact(string json) => UsdNumber.ToNanoUsdPerMillion(json, UsdUnit.PerToken, "x");

    [TestCase("-1", "is negative")]
    [TestCase("0.0000000001", "is finer than a nano-dollar")]
    [TestCase("1e-99", "has too many digits")]
    [TestCase("1e99", "has too many digits")]
    [TestCase("1e99999999999", "has too many digits")]
    [TestCase("1000001", "is above a million dollars")]
    [TestCase("1e29", "is above a million dollars")]
    [TestCase("0.1234567890123456789012345678901", "has too many digits")]
    public void Amount_ThatIsFaulty_IsRefused(string json, string problem) =>
        Assert.That(
            () => UsdNumber.ToNanoUsdPerMillion(json, UsdUnit.PerMillion, "m of p"),
            Throws.TypeOf<PriceFileException>().With.Message.StartsWith("m of p: ").And.Message.Contains(problem));
}
