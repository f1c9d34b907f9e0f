using AiGateway.Infrastructure.Pricing;

namespace AiGateway.Infrastructure.Tests.Pricing;

public sealed class PeakHoursTextTests
{
    [TestCase("mon-fri 01:00-04:00")]
    [TestCase("sat-sun 00:00-24:00")]
    [TestCase("wed 22:30-23:59")]
    public void Write_OfReadHours_IsTheSameText(string text) => Assert.That(PeakHoursText.Write(PeakHoursText.Parse(text)!.Value), Is.EqualTo(text));

    [TestCase("")]
    [TestCase("mon-fri")]
    [TestCase("01:00-04:00")]
    [TestCase("Mon 01:00-04:00")]
    [TestCase("mon-tue-wed 01:00-04:00")]
    [TestCase("mon 04:00-01:00")]
    [TestCase("mon 04:00-04:00")]
    [TestCase("mon 24:00-24:00")]
    [TestCase("mon 1:00-4:00")]
    [TestCase("mon 01:00-25:00")]
    [TestCase("mon 01:00-04:00 UTC")]
    [TestCase("mon  01:00-04:00")]
    public void Parse_OfAnotherText_IsNull(string text) => Assert.That(PeakHoursText.Parse(text), Is.Null);
}
