using AiGateway.Application.Ledger;
using AiGateway.Application.Providers;
using AiGateway.Domain;
using NSubstitute;
using NSubstitute.ExceptionExtensions;
using NSubstitute.Extensions;

namespace AiGateway.Application.Tests.Pipeline;

/// <summary>How a hold is settled or released, with the exact numbers.</summary>
public sealed class SettlementTests : IDisposable
{
    private static readonly TimeSpan Took = TimeSpan.FromMilliseconds(250);

    private readonly IModelAdapter _alpha = Sample.Adapter("alpha", Sample.Model("m-default", inputUsd: 1, outputUsd: 2));
    private readonly UseCases _useCases;

    public SettlementTests() => _useCases = new UseCases(_alpha);

    public void Dispose() => _useCases.Dispose();

    [Test]
    public async Task Settlement_OfAReply_IsTheProvidersUsageAtTheLedgerPrice()
    {
        Answer(Sample.Reply("m-default-2026") with { Usage = new TokenUsage(10, 5, ReasoningTokens: 2) });

        var reply = await _useCases.SendAsync(Sample.Request());

        Assert.That(_useCases.Settlements, Is.EqualTo([new Settlement
        {
            RequestId = reply.RequestId,
            Status = UsageStatus.Settled,
            Model = "m-default-2026",
            Provider = "alpha",
            Usage = new TokenUsage(10, 5, ReasoningTokens: 2),
            UsageSource = UsageSource.Provider,
            CostNanoUsd = 20_000,
            Latency = Took,
        }]));
        Assert.That(
            (reply.CostNanoUsd, reply.UsageSource, reply.Latency, reply.Provider),
            Is.EqualTo((20_000L, UsageSource.Provider, Took, "alpha")));
    }

    [Test]
    public async Task Settlement_OfACachedPromptInTheFlexTier_FollowsBothPrices()
    {
        var price = Sample.Price(4, 8, new(2026, 1, 1)) with { CachedInputNanoUsdPerMillion = Money.NanoUsdPerUsd, FlexPercent = 50 };
        var alpha = Sample.Adapter("alpha", Sample.Model("m-default") with { Prices = [price] });
        alpha.Configure().GenerateAsync(default!, default).ReturnsForAnyArgs(
            Sample.Reply("m-default") with { Usage = new TokenUsage(10, 5, CachedPromptTokens: 6), Tier = ServiceTier.Flex });
        using var useCases = new UseCases(alpha);

        await useCases.SendAsync(Sample.Request());

        Assert.That(useCases.Settlements[0].CostNanoUsd, Is.EqualTo(((4 * 4_000) + (6 * 1_000) + (5 * 8_000)) / 2));
    }

    [Test]
    public async Task Settlement_WhenTheProviderReportsNoUsage_IsCounted()
    {
        Answer(Sample.Reply("m-default") with { Usage = null, DeliveredText = "Hi there" });
        var request = Sample.Request() with { SystemPrompt = "Be brief." };
        _useCases.Tokens.Configure().CountText("m-default", "Hi there").Returns(3);

        var reply = await _useCases.SendAsync(request);

        var settlement = _useCases.Settlements.Single();
        Assert.That(settlement.UsageSource, Is.EqualTo(UsageSource.Counted));
        Assert.That(settlement.Usage, Is.EqualTo(new TokenUsage(Sample.PromptTokens, 3)));
        Assert.That(settlement.CostNanoUsd, Is.EqualTo((Sample.PromptTokens * 1_000) + (3 * 2_000)));
        Assert.That((reply.Usage, reply.UsageSource), Is.EqualTo((settlement.Usage, UsageSource.Counted)));
    }

    [TestCase(ErrorCode.ProviderRejected)]
    [TestCase(ErrorCode.ProviderRateLimited)]
    [TestCase(ErrorCode.ProviderTimeout)]
    [TestCase(ErrorCode.ProviderFailed)]
    public async Task Settlement_WhenTheProviderFails_ReleasesWithItsCode(ErrorCode code)
    {
        var failure = Sample.Failure(code);
        Fail(failure);

        var thrown = await Assert.ThrowsAsync(Is.InstanceOf<ProviderException>(), () => _useCases.SendAsync(Sample.Request()));

        Assert.That(thrown, Is.SameAs(failure));
        AssertReleased(code);
    }

    [Test]
    public async Task Settlement_WhenAnAdapterThrowsAnUnexpectedException_ReleasesAsInternalError()
    {
        Fail(new InvalidOperationException("a bug"));

        await Assert.ThrowsAsync<InvalidOperationException>(() => _useCases.SendAsync(Sample.Request()));

        AssertReleased(ErrorCode.InternalError);
    }

    [Test]
    public async Task Settlement_WhenAnAdapterCancelsItself_DoesNotBlameTheCaller()
    {
        Fail(new OperationCanceledException());

        await Assert.ThrowsAsync<OperationCanceledException>(() => _useCases.SendAsync(Sample.Request()));

        AssertReleased(ErrorCode.InternalError);
    }

    [Test]
    public async Task Settlement_WhenTheCallerLeftAndTheCallIsCancelled_NamesTheCaller()
    {
        using var caller = new CancellationTokenSource();
        await caller.CancelAsync();
        Fail(new OperationCanceledException());

        await Assert.ThrowsAsync<OperationCanceledException>(() => _useCases.SendAsync(Sample.Request(), caller.Token));

        AssertReleased(ErrorCode.ClientClosedRequest);
    }

    [Test]
    public async Task Settlement_WhenTheCallerLeavesAPlainCall_ChargesWhatTheProviderReports()
    {
        using var caller = new CancellationTokenSource();
        var answer = new TaskCompletionSource<ModelReply>();
        _alpha.Configure().GenerateAsync(default!, default).ReturnsForAnyArgs(answer.Task);

        var sent = _useCases.SendAsync(Sample.Request(), caller.Token);
        await caller.CancelAsync();
        Assert.That(_useCases.Settlements, Is.Empty);
        answer.SetResult(Sample.Reply("m-default"));
        await sent;

        Assert.That(_useCases.Settlements.Single().UsageSource, Is.EqualTo(UsageSource.Provider));
        Assert.That(_useCases.Settlements.Single().CostNanoUsd, Is.EqualTo(20_000));
        await _alpha.Received(1).GenerateAsync(Arg.Any<ModelCall>(), Arg.Is<CancellationToken>(token => !token.IsCancellationRequested));
    }

    private void Answer(ModelReply reply) => _alpha.Configure().GenerateAsync(default!, default).ReturnsForAnyArgs(_ =>
    {
        _useCases.Time.Advance(Took);
        return reply;
    });

    private void Fail(Exception failure)
    {
        _alpha.Configure().GenerateAsync(default!, default).ThrowsAsyncForAnyArgs(failure);
        _alpha.WhenForAnyArgs(alpha => alpha.GenerateAsync(default!, default)).Do(_ => _useCases.Time.Advance(Took));
    }

    private void AssertReleased(ErrorCode code) => Assert.That(_useCases.Settlements, Is.EqualTo([new Settlement
    {
        RequestId = Sample.Request().RequestId,
        Status = UsageStatus.Released,
        Error = code,
        Latency = Took,
    }]));
}
