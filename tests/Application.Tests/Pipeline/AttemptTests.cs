using AiGateway.Application.Providers;
using AiGateway.Domain;
using NSubstitute;
using NSubstitute.Extensions;

namespace AiGateway.Application.Tests.Pipeline;

/// <summary>What each attempt of a request is charged, and what is held before a further attempt.</summary>
public sealed class AttemptTests : IDisposable
{
    // 10 prompt tokens at 1,000 nano-dollars and 100 output tokens at 2,000.
    private const long MaxCost = 210_000;

    private readonly IModelAdapter _alpha = Sample.Adapter("alpha", Sample.Model("m-default", inputUsd: 1, outputUsd: 2));
    private readonly IModelAdapter _beta = Sample.Adapter("beta", Sample.Model("m-default", inputUsd: 1, outputUsd: 2));
    private readonly List<long> _raises = [];

    private UseCases? _useCases;

    public void Dispose() => _useCases?.Dispose();

    [Test]
    public async Task Attempt_ThatWasSentAndTimedOut_IsChargedInFullAndStaysCounted()
    {
        var useCases = Use(_alpha);
        Play(_alpha, Lost);

        await Assert.ThrowsAsync<ProviderTimeoutException>(() => useCases.SendAsync(Sample.Request()));

        var settlement = useCases.Settlements.Single();
        Assert.That(
            (settlement.Status, settlement.UsageSource, settlement.Usage, settlement.CostNanoUsd, settlement.Error),
            Is.EqualTo((UsageStatus.Unknown, UsageSource.Held, new TokenUsage(10, 100), MaxCost, (ErrorCode?)ErrorCode.ProviderTimeout)));
    }

    [TestCase(UnknownOutcome.Prompt, UsageSource.Counted, 10_000)]
    [TestCase(UnknownOutcome.Free, UsageSource.None, 0)]
    public async Task Attempt_OfUnknownOutcome_IsChargedAsTheOperatorChose(UnknownOutcome policy, UsageSource source, long cost)
    {
        var useCases = Use(_alpha);
        useCases.Defaults = useCases.Defaults with { UnknownOutcome = policy };
        Play(_alpha, Lost);

        await Assert.ThrowsAsync<ProviderTimeoutException>(() => useCases.SendAsync(Sample.Request()));

        var settlement = useCases.Settlements.Single();
        Assert.That(
            (settlement.Status, settlement.UsageSource, settlement.CostNanoUsd), Is.EqualTo((UsageStatus.Unknown, source, cost)));
    }

    [TestCase(UnknownOutcome.Prompt, 7_000)]
    [TestCase(UnknownOutcome.Held, MaxCost)]
    public async Task Attempt_WhosePromptTheProviderReported_IsChargedThatOnlyWhereThePromptIs(UnknownOutcome policy, long cost)
    {
        var useCases = Use(_alpha);
        useCases.Defaults = useCases.Defaults with { UnknownOutcome = policy };
        Play(_alpha, call =>
        {
            Begin(call, "alpha");
            call.Attempts!.KnowPrompt(new TokenUsage(7, 0));
            call.Attempts.Lose();
            throw Sample.Failure(ErrorCode.ProviderTimeout);
        });

        await Assert.ThrowsAsync<ProviderTimeoutException>(() => useCases.SendAsync(Sample.Request()));

        Assert.That(useCases.Settlements.Single().CostNanoUsd, Is.EqualTo(cost));
    }

    [Test]
    public async Task Attempt_ThatNeverReachedTheProvider_IsReleased()
    {
        var useCases = Use(_alpha);
        Play(_alpha, NotSent);

        await Assert.ThrowsAsync<ProviderException>(() => useCases.SendAsync(Sample.Request()));

        var settlement = useCases.Settlements.Single();
        Assert.That((settlement.Status, settlement.CostNanoUsd), Is.EqualTo((UsageStatus.Released, 0L)));
        Assert.That(settlement.Attempts!.Single().Outcome, Is.EqualTo(AttemptOutcome.NotSent));
    }

    [Test]
    public async Task Attempt_ThatFailedUnexpectedlyAfterItWasSent_IsCharged()
    {
        var useCases = Use(_alpha);
        Play(_alpha, call =>
        {
            Begin(call, "alpha");
            throw new InvalidOperationException("a bug");
        });

        await Assert.ThrowsAsync<InvalidOperationException>(() => useCases.SendAsync(Sample.Request()));

        Assert.That(useCases.Settlements.Single().Status, Is.EqualTo(UsageStatus.Unknown));
    }

    [TestCase(false, 10_000, UsageSource.Counted)]
    [TestCase(true, MaxCost, UsageSource.Held)]
    public async Task Stream_LeftBeforeItsFirstEvent_IsChargedThePromptAndAReasoningModelsHeldOutput(
        bool reasons, long cost, UsageSource source)
    {
        var model = Sample.Model("m-default");
        var adapter = Sample.Adapter("alpha", model with { Capabilities = model.Capabilities with { Reasoning = reasons } });
        var useCases = Use(adapter);
        using var caller = new CancellationTokenSource();
        Play(adapter, call =>
        {
            Begin(call, "alpha");
            caller.Cancel();
            throw new OperationCanceledException(caller.Token);
        });

        await Assert.ThrowsAsync<OperationCanceledException>(() => useCases.SendAsync(Sample.Request() with { Stream = true }, caller.Token));

        var settlement = useCases.Settlements.Single();
        Assert.That(
            (settlement.Status, settlement.UsageSource, settlement.CostNanoUsd, settlement.Error),
            Is.EqualTo((UsageStatus.Settled, source, cost, (ErrorCode?)ErrorCode.ClientClosedRequest)));
    }

    [Test]
    public async Task FurtherAttempt_AfterOneOfUnknownOutcome_HoldsItsOwnCostFirst()
    {
        var useCases = Use(_alpha, _beta);
        Play(_alpha, Lost);
        Play(_beta, Answered);

        var reply = await useCases.SendAsync(Sample.Request());

        Assert.That(_raises, Is.EqualTo([MaxCost]));
        Assert.That(reply.CostNanoUsd, Is.EqualTo(MaxCost + 20_000));
        var settlement = useCases.Settlements.Single();
        Assert.That((settlement.Status, settlement.CostNanoUsd), Is.EqualTo((UsageStatus.Settled, MaxCost + 20_000)));
        Assert.That(
            settlement.Attempts!.Select(attempt => (attempt.Provider, attempt.Outcome, attempt.CostNanoUsd)),
            Is.EqualTo([("alpha", AttemptOutcome.Unknown, MaxCost), ("beta", AttemptOutcome.Answered, 20_000)]));
    }

    [Test]
    public async Task FurtherAttempt_WithoutCapacity_IsNotMade()
    {
        var useCases = Use(_alpha, _beta);
        useCases.Ledger.Configure().RaiseHoldAsync(default!, default).ReturnsForAnyArgs(false);
        Play(_alpha, Lost);

        await Assert.ThrowsAsync<ProviderTimeoutException>(() => useCases.SendAsync(Sample.Request()));

        await _beta.DidNotReceiveWithAnyArgs().GenerateAsync(default!, default);
        Assert.That(useCases.Settlements.Single().CostNanoUsd, Is.EqualTo(MaxCost));
    }

    [Test]
    public async Task FurtherAttempt_AfterAFreeOne_NeedsNoFurtherHold()
    {
        var useCases = Use(_alpha, _beta);
        Play(_alpha, NotSent);
        Play(_beta, Answered);

        await useCases.SendAsync(Sample.Request());

        Assert.That(_raises, Is.Empty);
        Assert.That(useCases.Settlements.Single().CostNanoUsd, Is.EqualTo(20_000));
    }

    [Test]
    public async Task Settlement_AboveItsHold_RaisesAnAlarm()
    {
        var useCases = Use(_alpha);
        _alpha.Configure().GenerateAsync(default!, default)
            .ReturnsForAnyArgs(Sample.Reply("m-default") with { Usage = new TokenUsage(10, 101) });

        await useCases.SendAsync(Sample.Request());

        Assert.That(useCases.Settlements.Single().CostNanoUsd, Is.EqualTo(MaxCost + 2_000));
        Assert.That(useCases.Log.Lines, Has.Some.Contains("more than the 210000 nano-USD held"));
    }

    private static void Begin(ModelCall call, string provider)
    {
        call.Attempts!.Begin(provider, call);
        call.Attempts.MarkSent();
    }

    private static ModelReply Lost(ModelCall call)
    {
        Begin(call, "alpha");
        call.Attempts!.Lose();
        throw Sample.Failure(ErrorCode.ProviderTimeout);
    }

    private static ModelReply NotSent(ModelCall call)
    {
        call.Attempts!.Begin("alpha", call);
        call.Attempts.Fail(AttemptOutcome.NotSent);
        throw Sample.Failure(ErrorCode.ProviderFailed);
    }

    private static ModelReply Answered(ModelCall call)
    {
        Begin(call, "beta");
        return Sample.Reply("m-default");
    }

    private static void Play(IModelAdapter adapter, Func<ModelCall, ModelReply> play) =>
        adapter.Configure().GenerateAsync(default!, default).ReturnsForAnyArgs(call => play(call.Arg<ModelCall>()));

    private UseCases Use(params IModelAdapter[] adapters)
    {
        _useCases = new UseCases(adapters);
        _useCases.Ledger.RaiseHoldAsync(default!, default).ReturnsForAnyArgs(call =>
        {
            _raises.Add(call.Arg<long>());
            return true;
        });
        return _useCases;
    }
}
