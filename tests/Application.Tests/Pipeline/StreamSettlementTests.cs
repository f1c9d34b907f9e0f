using AiGateway.Application.Generation;
using AiGateway.Application.Ledger;
using AiGateway.Application.Providers;
using AiGateway.Domain;
using NSubstitute;
using NSubstitute.Extensions;

namespace AiGateway.Application.Tests.Pipeline;

/// <summary>A stream keeps its hold until it ends. However it ends, it is settled once, for what was delivered.</summary>
public sealed class StreamSettlementTests : IDisposable
{
    private static Generate Request => Sample.Request() with { Stream = true };
    private static readonly ReplyChunk Hello = ScriptedChunks.Text("Hello");
    private static readonly ReplyChunk World = ScriptedChunks.Text(" world");

    private readonly IModelAdapter _alpha = Sample.Adapter("alpha", Sample.Model("m-default", inputUsd: 1, outputUsd: 2));
    private readonly UseCases _useCases;

    public StreamSettlementTests()
    {
        _useCases = new UseCases(_alpha);
        _useCases.Tokens.CountPrompt(default!, default!).ReturnsForAnyArgs(10);
        _useCases.Tokens.CountText("m-default", Arg.Any<string>()).Returns(call => call.ArgAt<string>(1).Length);
    }

    public void Dispose() => _useCases.Dispose();

    [Test]
    public async Task Stream_WhileItRuns_IsNotSettled()
    {
        await using var stream = await OpenAsync(new ScriptedChunks([Hello, World]));
        await stream.MoveNextAsync();

        Assert.That(stream.Current.Text, Is.EqualTo("Hello"));
        Assert.That(_useCases.Settlements, Is.Empty);
        Assert.That(_useCases.Holds.Single().Streamed, Is.True);
    }

    [Test]
    public async Task Stream_ThatEndsWithUsage_IsSettledByTheProvidersFigures()
    {
        var last = new ReplyChunk { Json = default, Usage = new TokenUsage(10, 5), FinishReason = "stop", Model = "m-default-2026", IsUsageOnly = true };
        _useCases.Time.Advance(TimeSpan.FromMilliseconds(100));
        await using var stream = await OpenAsync(new ScriptedChunks([Hello, World, last]));
        _useCases.Time.Advance(TimeSpan.FromMilliseconds(200));

        await DrainAsync(stream);

        Assert.That(_useCases.Settlements, Is.EqualTo([new Settlement
        {
            RequestId = Request.RequestId,
            Status = UsageStatus.Settled,
            Model = "m-default-2026",
            Provider = "alpha",
            Usage = new TokenUsage(10, 5),
            UsageSource = UsageSource.Provider,
            CostNanoUsd = 20_000,
            Latency = TimeSpan.FromMilliseconds(300),
            TimeToFirstToken = TimeSpan.FromMilliseconds(100),
        }]));
        Assert.That(
            (stream.Summary?.Answer.DeliveredText, stream.Summary?.Answer.FinishReason, stream.Summary?.CostNanoUsd),
            Is.EqualTo(("Hello world", "stop", 20_000L)));
    }

    [Test]
    public async Task Stream_InAnotherTier_IsPricedInTheTierThatAChunkNames()
    {
        var price = Sample.Price(1, 2, new(2026, 1, 1)) with { PriorityPercent = 200 };
        var alpha = Sample.Adapter("alpha", Sample.Model("m-default") with { Prices = [price] });
        using var useCases = new UseCases(alpha);
        var last = new ReplyChunk { Json = default, Usage = new TokenUsage(10, 5) };
        await using var stream = await OpenAsync(new ScriptedChunks([Hello with { Tier = ServiceTier.Priority }, last]), useCases);

        await DrainAsync(stream);

        Assert.That(useCases.Settlements.Single().CostNanoUsd, Is.EqualTo(40_000));
    }

    [TestCase(Surcharges.None, Surcharges.None, 22_000)]
    [TestCase(Surcharges.UsGeography, Surcharges.None, 20_000)]
    [TestCase(Surcharges.UsGeography | Surcharges.Fast, Surcharges.Fast, 40_000)]
    public async Task Stream_ThatTellsItsSurcharges_IsPricedWithThem(Surcharges known, Surcharges applied, long cost)
    {
        var price = Sample.Price(1, 2, new(2026, 1, 1)) with { UsGeographyPercent = 110, FastPercent = 200 };
        var alpha = Sample.Adapter("alpha", Sample.Model("m-default") with { Prices = [price] });
        using var useCases = new UseCases(alpha);
        var first = Hello with { Surcharges = new BilledSurcharges(known, applied) };
        var last = new ReplyChunk { Json = default, Usage = new TokenUsage(10, 5) };
        await using var stream = await OpenAsync(new ScriptedChunks([first, last]), useCases, Request with { Surcharges = Surcharges.UsGeography });

        await DrainAsync(stream);

        Assert.That(useCases.Settlements.Single().CostNanoUsd, Is.EqualTo(cost));
    }

    [Test]
    public async Task Stream_ThatEndsWithoutUsage_IsCounted()
    {
        await using var stream = await OpenAsync(new ScriptedChunks([Hello, World]));

        await DrainAsync(stream);

        AssertSettled(UsageSource.Counted, new TokenUsage(10, "Hello world".Length), null);
    }

    [Test]
    public async Task Stream_ThatBreaksOffMidway_IsChargedInFull()
    {
        await using var stream = await OpenAsync(new ScriptedChunks([Hello], Sample.Failure(ErrorCode.ProviderFailed)));

        await Assert.ThrowsAsync<ProviderException>(() => DrainAsync(stream));

        AssertSettled(UsageSource.Held, new TokenUsage(10, 100), ErrorCode.ProviderFailed, UsageStatus.Unknown);
        Assert.That(_useCases.Settlements.Single().Attempts!.Single().Outcome, Is.EqualTo(AttemptOutcome.Unknown));
    }

    [TestCase(UnknownOutcome.Prompt, 10, 5, UsageSource.Counted)]
    [TestCase(UnknownOutcome.Free, 0, 0, UsageSource.None)]
    public async Task Stream_ThatBreaksOffMidway_IsChargedAsTheOperatorChose(
        UnknownOutcome policy, long prompt, long completion, UsageSource source)
    {
        _useCases.Defaults = _useCases.Defaults with { UnknownOutcome = policy };
        await using var stream = await OpenAsync(new ScriptedChunks([Hello], Sample.Failure(ErrorCode.ProviderFailed)));

        await Assert.ThrowsAsync<ProviderException>(() => DrainAsync(stream));

        AssertSettled(source, new TokenUsage(prompt, completion), ErrorCode.ProviderFailed, UsageStatus.Unknown);
    }

    [Test]
    public async Task Stream_ThatIsRefusedBeforeAnyText_IsReleased()
    {
        await using var stream = await OpenAsync(new ScriptedChunks([], Sample.Failure(ErrorCode.ProviderFailed)));

        await Assert.ThrowsAsync<ProviderException>(() => DrainAsync(stream));

        var settlement = _useCases.Settlements.Single();
        Assert.That((settlement.Status, settlement.Error, settlement.CostNanoUsd), Is.EqualTo((UsageStatus.Released, ErrorCode.ProviderFailed, 0L)));
        Assert.That(stream.Summary, Is.Null);
    }

    [Test]
    public async Task Stream_ThatTimesOutBeforeAnyText_IsChargedInFull()
    {
        var silence = new ProviderTimeoutException("alpha", TimeSpan.FromSeconds(30)) { Outcome = AttemptOutcome.Unknown };
        await using var stream = await OpenAsync(new ScriptedChunks([], silence));

        await Assert.ThrowsAsync<ProviderTimeoutException>(() => DrainAsync(stream));

        AssertSettled(UsageSource.Held, new TokenUsage(10, 100), ErrorCode.ProviderTimeout, UsageStatus.Unknown);
    }

    [Test]
    public async Task Stream_ThatFailsAfterItsUsageCame_IsSettledByTheProvidersFigures()
    {
        var usage = new ReplyChunk { Json = default, Usage = new TokenUsage(10, 5) };
        await using var stream = await OpenAsync(new ScriptedChunks([usage], Sample.Failure(ErrorCode.ProviderFailed)));

        await Assert.ThrowsAsync<ProviderException>(() => DrainAsync(stream));

        AssertSettled(UsageSource.Provider, new TokenUsage(10, 5), ErrorCode.ProviderFailed);
    }

    [Test]
    public async Task Stream_WhoseReaderLeaves_ClosesTheConnectionAndIsChargedWhatWasRead()
    {
        var chunks = new ScriptedChunks([Hello, World]);
        var stream = await OpenAsync(chunks);
        await stream.MoveNextAsync();

        await stream.DisposeAsync();

        Assert.That(chunks.Disposals, Is.EqualTo(1));
        AssertSettled(UsageSource.Counted, new TokenUsage(10, "Hello".Length), ErrorCode.ClientClosedRequest);
    }

    [Test]
    public async Task Stream_ThatIsNeverRead_IsChargedThePrompt()
    {
        var stream = await OpenAsync(new ScriptedChunks([Hello]));

        await stream.DisposeAsync();

        AssertSettled(UsageSource.Counted, new TokenUsage(10, 0), ErrorCode.ClientClosedRequest);
    }

    [TestCase(true, ErrorCode.ClientClosedRequest)]
    [TestCase(false, ErrorCode.InternalError)]
    public async Task Stream_ThatIsCancelled_BlamesTheCallerOnlyWhenTheCallerLeft(bool hasLeft, ErrorCode expected)
    {
        _useCases.Defaults = _useCases.Defaults with { UnknownOutcome = UnknownOutcome.Prompt };
        using var caller = new CancellationTokenSource();
        await using var stream = await OpenAsync(new ScriptedChunks([Hello], new OperationCanceledException()), cancellationToken: caller.Token);
        await stream.MoveNextAsync();
        if (hasLeft) await caller.CancelAsync();

        await Assert.ThrowsAsync<OperationCanceledException>(() => DrainAsync(stream));

        AssertSettled(
            UsageSource.Counted, new TokenUsage(10, "Hello".Length), expected, hasLeft ? UsageStatus.Settled : UsageStatus.Unknown);
    }

    [Test]
    public async Task Stream_ThatEndedAndIsDisposedTwice_IsSettledOnce()
    {
        var chunks = new ScriptedChunks([Hello]);
        var stream = await OpenAsync(chunks);
        await DrainAsync(stream);

        await stream.DisposeAsync();
        await stream.DisposeAsync();

        Assert.That(_useCases.Settlements, Has.Count.EqualTo(1));
        Assert.That(chunks.Disposals, Is.EqualTo(1));
    }

    [Test]
    public async Task Stream_WhoseConnectionFailsToClose_IsStillSettled()
    {
        var stream = await OpenAsync(new ScriptedChunks([Hello]) { FailsToClose = new IOException("reset") });

        await Assert.ThrowsAsync<IOException>(() => DrainAsync(stream));

        Assert.That(_useCases.Settlements, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Stream_WhoseCallerLeavesBeforeTheFirstChunk_CancelsTheProviderAndIsReleased()
    {
        using var caller = new CancellationTokenSource();
        _alpha.Configure().GenerateAsync(default!, default)
            .ReturnsForAnyArgs(call => Task.FromCanceled<ModelReply>(call.Arg<CancellationToken>()));
        await caller.CancelAsync();

        await Assert.ThrowsAsync<TaskCanceledException>(() => _useCases.SendAsync(Request, caller.Token));

        var settlement = _useCases.Settlements.Single();
        Assert.That((settlement.Status, settlement.Error), Is.EqualTo((UsageStatus.Released, ErrorCode.ClientClosedRequest)));
    }

    private static async Task DrainAsync(IStreamedReply stream)
    {
        while (await stream.MoveNextAsync()) Assert.That(stream.Summary, Is.Null);
    }

    private Task<IStreamedReply> OpenAsync(ScriptedChunks chunks, CancellationToken cancellationToken = default) =>
        OpenAsync(chunks, _useCases, Request, cancellationToken);

    private static async Task<IStreamedReply> OpenAsync(
        ScriptedChunks chunks, UseCases useCases, Generate? request = null, CancellationToken cancellationToken = default)
    {
        useCases.Adapters[0].Configure().GenerateAsync(default!, default)
            .ReturnsForAnyArgs(new ModelReply { Model = "m-default", Chunks = chunks });
        var reply = await useCases.SendAsync(request ?? Request, cancellationToken);
        return reply.Stream!;
    }

    private void AssertSettled(UsageSource source, TokenUsage usage, ErrorCode? error, UsageStatus status = UsageStatus.Settled)
    {
        var settlement = _useCases.Settlements.Single();
        Assert.That(
            (settlement.Status, settlement.UsageSource, settlement.Usage, settlement.Error),
            Is.EqualTo((status, source, usage, error)));
        Assert.That(settlement.CostNanoUsd, Is.EqualTo((usage.PromptTokens * 1_000) + (usage.CompletionTokens * 2_000)));
    }
}
