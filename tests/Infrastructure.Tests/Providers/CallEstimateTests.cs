using AiGateway.Application.Providers;
using AiGateway.Application.Requests;
using AiGateway.Infrastructure.Providers;

namespace AiGateway.Infrastructure.Tests.Providers;

[TestFixture]
internal sealed class CallEstimateTests
{
    // "Hi" is 1 token, its message adds 1 and the reply 3. These 5 prompt tokens cost the highest input price, 0.625 USD a million.
    [TestCase(1, 100, 5 * 625 + 100 * 1_500)]
    [TestCase(3, 100, 5 * 625 + 300 * 1_500)]
    public void Estimate_OfACall_IsItsMaximumCost(int choices, long limit, long nanoUsd)
    {
        var call = TestCall.Of(request => request with { Choices = choices }, limit);

        var estimate = CallEstimate.Of(call, new WordTokens());

        Assert.That(estimate, Is.EqualTo(new CostEstimate(5, limit * choices, nanoUsd)));
    }

    [Test]
    public void Estimate_WhenSystemPromptIsGiven_CountsIt()
    {
        var call = TestCall.Of(request => request with { SystemPrompt = "one two three" });

        Assert.That(CallEstimate.Of(call, new WordTokens()).PromptTokens, Is.EqualTo(9));
    }

    [Test]
    public void Estimate_WithPredictedText_AddsItToEachChoice()
    {
        var call = TestCall.Of(request => request with { Choices = 2, Extras = new PromptExtras { Prediction = "one two three" } });

        Assert.That(CallEstimate.Of(call, new WordTokens()).MaxCompletionTokens, Is.EqualTo(206));
    }

    [Test]
    public void Estimate_WhenATierIsRequested_UsesItsPrice()
    {
        var standard = TestCall.Of();
        var priority = standard with
        {
            Price = TestCall.Price with { PriorityPercent = 200 },
            Request = standard.Request with { Tier = Domain.ServiceTier.Priority },
        };

        Assert.That(
            CallEstimate.Of(priority, new WordTokens()).MaxCostNanoUsd,
            Is.EqualTo(2 * CallEstimate.Of(standard, new WordTokens()).MaxCostNanoUsd));
    }

    [Test]
    public void Estimate_WhenASurchargeIsPossible_IncludesIt()
    {
        var usual = TestCall.Of();
        var fast = usual with
        {
            Price = TestCall.Price with { FastPercent = 200 },
            Request = usual.Request with { Surcharges = Domain.Surcharges.Fast },
        };

        Assert.That(
            CallEstimate.Of(fast, new WordTokens()).MaxCostNanoUsd,
            Is.EqualTo(2 * CallEstimate.Of(usual, new WordTokens()).MaxCostNanoUsd));
    }

    [Test]
    public void Estimate_WhenTheCostOverflows_Throws() =>
        Assert.Throws<OverflowException>(() =>
            CallEstimate.Of(TestCall.Of(request => request with { Choices = 128 }, long.MaxValue / 2), new WordTokens()));
}
