using System.Globalization;
using AiGateway.Application.Providers;
using AiGateway.Domain;

namespace AiGateway.Application.Tests.Pipeline;

/// <summary>Charges above the list price: surcharges that a request asks for, and peak hours.</summary>
public sealed class SurchargeTests
{
    private static readonly TokenUsage Usage = new(10, 5);

    private static readonly ModelPrice Price = Sample.Price(1, 2, new(2026, 1, 1)) with
    {
        UsGeographyPercent = 110,
        FastPercent = 200,
        PeakPercent = 300,
        PeakHours = [new(DayOfWeek.Monday, DayOfWeek.Friday, TimeSpan.FromHours(1), TimeSpan.FromHours(4))],
    };

    // 10 input tokens at 1,000 nano-dollars and 5 output tokens at 2,000. 2026-11-23 is a Monday.
    [TestCase("00:10", "00:50", Surcharges.None, 20_000)]
    [TestCase("00:50", "01:10", Surcharges.None, 60_000, Description = "it ended in the peak hours")]
    [TestCase("03:50", "04:10", Surcharges.None, 60_000, Description = "it began in the peak hours")]
    [TestCase("05:00", "05:01", Surcharges.UsGeography, 22_000)]
    [TestCase("05:00", "05:01", Surcharges.UsGeography | Surcharges.Fast, 44_000)]
    [TestCase("02:00", "02:01", Surcharges.Fast, 120_000)]
    public void Charge_OfACall_IsTheHighestPriceInForceDuringIt(string start, string end, Surcharges asked, long expected)
    {
        var call = Call(start, asked);
        Assert.Multiple(() =>
        {
            Assert.That(Charge.OfUsage(call, Usage, ServiceTier.Standard, At(end)).CostNanoUsd, Is.EqualTo(expected));
            Assert.That(Charge.OfCount(call, new Delivered(5), ServiceTier.Standard, At(end)).CostNanoUsd, Is.EqualTo(expected));
            Assert.That(Charge.OfLeft(call, new Delivered(5), answerHasBegun: true, At(end)).CostNanoUsd, Is.EqualTo(expected));
            Assert.That(Charge.OfUnknown(call, UnknownOutcome.Prompt, new Delivered(5), At(end)).CostNanoUsd, Is.EqualTo(expected));
        });
    }

    [Test]
    public async Task Settlement_OfACallInThePeakHours_IsAtThePeakPrice()
    {
        var price = Price with { PeakHours = [new(DayOfWeek.Sunday, DayOfWeek.Sunday, TimeSpan.FromHours(12), TimeSpan.FromHours(13))] };
        using var useCases = new UseCases(Sample.Adapter("alpha", Sample.Model("m-default") with { Prices = [price] }));

        await useCases.SendAsync(Sample.Request());

        Assert.That(useCases.Settlements.Single().CostNanoUsd, Is.EqualTo(60_000), "the request arrived at noon on a Sunday, which is a peak hour");
    }

    private static ModelCall Call(string start, Surcharges asked)
    {
        var request = Sample.Request() with { ReceivedAt = At(start), Surcharges = asked };
        return new ModelCall(request, Sample.Model("m-default"), Price, 100) { Worst = new CostEstimate(10, 100, 0) };
    }

    private static DateTimeOffset At(string time) => DateTimeOffset.Parse($"2026-11-23T{time}Z", CultureInfo.InvariantCulture);
}
