using AiGateway.Application.Generation;
using AiGateway.Application.Providers;
using AiGateway.Domain;
using NSubstitute;

namespace AiGateway.Application.Tests.Generation;

/// <summary>An estimate tells the maximum cost of a request and whether it would be admitted. Each limit is tested at its exact edge.</summary>
public sealed class EstimateGenerationTests
{
    // 10 prompt tokens at 1,000 nano-dollars and 100 output tokens at 2,000.
    private const long WorstNanoUsd = 210_000;

    [Test]
    public async Task Estimate_OfARequest_IsItsWorstCaseOnTheFirstRoute()
    {
        using var useCases = new UseCases();

        var estimate = await useCases.SendAsync(new EstimateGeneration(Sample.Request()));

        Assert.That(estimate, Is.EqualTo(new GenerationEstimate("m-default", "alpha", new CostEstimate(10, 100, WorstNanoUsd), null)));
    }

    [Test]
    public async Task Estimate_Never_HoldsOrCalls()
    {
        using var useCases = new UseCases();

        await useCases.SendAsync(new EstimateGeneration(Sample.Request()));

        Assert.That(useCases.Holds, Is.Empty);
        Assert.That(useCases.Settlements, Is.Empty);
        await useCases.Adapters[0].DidNotReceiveWithAnyArgs().GenerateAsync(default!, default);
    }

    [Test]
    public async Task Estimate_WhenSeveralProvidersServe_IsTheMostExpensive()
    {
        using var useCases = new UseCases(
            Sample.Adapter("alpha", Sample.Model("m-default", 1, 2)), Sample.Adapter("beta", Sample.Model("m-default", 9, 9)));

        var estimate = await useCases.SendAsync(new EstimateGeneration(Sample.Request()));

        Assert.That(estimate.Provider, Is.EqualTo("alpha"));
        Assert.That(estimate.Cost.MaxCostNanoUsd, Is.EqualTo((10 + 100) * 9_000));
    }

    [TestCase(4, null)]
    [TestCase(5, "daily_requests")]
    public Task Estimate_AtTheDailyLimit_NamesTheRefusingLimit(long used, string? expected) =>
        AssertRefusalAsync(new QuotaLimits(5, null, null), new QuotaUse(used, used, 0, 0), expected);

    [TestCase(4, null)]
    [TestCase(5, "monthly_requests")]
    public Task Estimate_AtTheMonthlyLimit_NamesTheRefusingLimit(long used, string? expected) =>
        AssertRefusalAsync(new QuotaLimits(null, 5, null), new QuotaUse(0, used, 0, 0), expected);

    [TestCase(0, 0, null)]
    [TestCase(1, 0, "monthly_spend")]
    [TestCase(0, 1, "monthly_spend")]
    public Task Estimate_AtTheSpendLimit_CountsSettledAndHeld(long settled, long held, string? expected) =>
        AssertRefusalAsync(new QuotaLimits(null, null, WorstNanoUsd), new QuotaUse(9, 9, settled, held), expected);

    [Test]
    public Task Estimate_WhenAllLimitsRefuse_NamesTheDayFirst() =>
        AssertRefusalAsync(new QuotaLimits(0, 0, 0), new QuotaUse(0, 0, 0, 0), "daily_requests");

    [Test]
    public async Task Estimate_WhenTheUserHasNoOwnLimits_UsesTheDefaults()
    {
        using var useCases = new UseCases();
        useCases.Defaults = useCases.Defaults with { Limits = new QuotaLimits(0, null, null) };

        var estimate = await useCases.SendAsync(new EstimateGeneration(Sample.Request()));

        Assert.That(estimate.Refusal?.Limit, Is.EqualTo(QuotaLimit.DailyRequests));
    }

    [Test]
    public async Task Estimate_WhenTheUserHasOwnLimits_IgnoresTheDefaults()
    {
        using var useCases = new UseCases();
        useCases.Defaults = useCases.Defaults with { Limits = new QuotaLimits(0, 0, 0) };
        useCases.Quotas.FindLimitsAsync(Sample.UserId, Arg.Any<CancellationToken>()).Returns(QuotaLimits.Unlimited);

        var estimate = await useCases.SendAsync(new EstimateGeneration(Sample.Request()));

        Assert.That(estimate.Refusal, Is.Null);
    }

    [Test]
    public async Task Estimate_OfAModelThatIsNotPriced_FailsAsGenerateWould()
    {
        using var useCases = new UseCases();

        var failure = await Assert.ThrowsAsync<AiGatewayException>(() => useCases.SendAsync(new EstimateGeneration(Sample.Request("m-unheard"))));

        Assert.That(failure.Code, Is.EqualTo(ErrorCode.ModelNotPriced));
    }

    private static async Task AssertRefusalAsync(QuotaLimits limits, QuotaUse use, string? expected)
    {
        using var useCases = new UseCases();
        useCases.Quotas.FindLimitsAsync(Sample.UserId, Arg.Any<CancellationToken>()).Returns(limits);
        useCases.Quotas.ReadUseAsync(Sample.UserId, Sample.Noon, Arg.Any<CancellationToken>()).Returns(use);

        var estimate = await useCases.SendAsync(new EstimateGeneration(Sample.Request()));

        Assert.That(estimate.Refusal?.LimitName, Is.EqualTo(expected));
    }
}
