using AiGateway.Application.Generation;
using AiGateway.Application.Providers;
using AiGateway.Domain;
using NSubstitute;
using NSubstitute.Extensions;

namespace AiGateway.Application.Tests.Pipeline;

/// <summary>What a stream costs when its caller leaves before the usage arrives.</summary>
public sealed class LeftStreamTests : IDisposable
{
    private static readonly ReplyChunk Hello = ScriptedChunks.Text("Hello");
    private static readonly ReplyChunk World = ScriptedChunks.Text(" world");

    private readonly UseCases _useCases = new(Sample.Adapter("alpha", Sample.Model("m-default", inputUsd: 1, outputUsd: 2)));

    private static Generate Request => Sample.Request() with { Stream = true };

    public void Dispose() => _useCases.Dispose();

    [Test]
    public async Task Stream_LeftAfterItsFinishReason_IsReadOnForItsUsage()
    {
        var finish = new ReplyChunk { Json = default, FinishReason = "stop" };
        var usage = new ReplyChunk { Json = default, Usage = new TokenUsage(10, 5_000, ReasoningTokens: 4_995), IsUsageOnly = true };
        var stream = await OpenAsync(new ScriptedChunks([Hello, finish, usage]), _useCases);
        await stream.MoveNextAsync();
        await stream.MoveNextAsync();

        await stream.DisposeAsync();

        AssertSettled(UsageSource.Provider, new TokenUsage(10, 5_000, ReasoningTokens: 4_995), ErrorCode.ClientClosedRequest);
    }

    [Test]
    public async Task Stream_LeftWhileTheModelReasons_IsChargedTheHeldOutput()
    {
        var thought = new ReplyChunk { Json = default, Text = "Hm", IsReasoning = true };
        using var useCases = new UseCases(Reasoning());
        var stream = await OpenAsync(new ScriptedChunks([thought, Hello]), useCases);
        await stream.MoveNextAsync();

        await stream.DisposeAsync();

        var settlement = useCases.Settlements.Single();
        Assert.That(
            (settlement.Status, settlement.UsageSource, settlement.Usage, settlement.CostNanoUsd),
            Is.EqualTo((UsageStatus.Settled, UsageSource.Held, new TokenUsage(10, 100), 210_000L)));
    }

    [Test]
    public async Task Stream_LeftAfterTheAnswerOfAReasoningModelBegan_IsCounted()
    {
        using var useCases = new UseCases(Reasoning());
        useCases.Tokens.CountText(default!, default!).ReturnsForAnyArgs(7);
        var stream = await OpenAsync(new ScriptedChunks([Hello, World]), useCases);
        await stream.MoveNextAsync();

        await stream.DisposeAsync();

        Assert.That(useCases.Settlements.Single().Usage, Is.EqualTo(new TokenUsage(10, 7)));
    }

    [Test]
    public async Task Stream_LeftWithoutUsage_CostsAtLeastOneTokenForEachTextChunk()
    {
        _useCases.Tokens.CountText(default!, default!).ReturnsForAnyArgs(1);
        var stream = await OpenAsync(new ScriptedChunks([Hello, World, Hello]), _useCases);
        await stream.MoveNextAsync();
        await stream.MoveNextAsync();

        await stream.DisposeAsync();

        AssertSettled(UsageSource.Counted, new TokenUsage(10, 2), ErrorCode.ClientClosedRequest);
    }

    private static IModelAdapter Reasoning()
    {
        var model = Sample.Model("m-default");
        return Sample.Adapter("alpha", model with { Capabilities = model.Capabilities with { Reasoning = true } });
    }

    private static async Task<IStreamedReply> OpenAsync(ScriptedChunks chunks, UseCases useCases)
    {
        useCases.Adapters[0].Configure().GenerateAsync(default!, default)
            .ReturnsForAnyArgs(new ModelReply { Model = "m-default", Chunks = chunks });
        var reply = await useCases.SendAsync(Request);
        return reply.Stream!;
    }

    private void AssertSettled(UsageSource source, TokenUsage usage, ErrorCode? error)
    {
        var settlement = _useCases.Settlements.Single();
        Assert.That(
            (settlement.Status, settlement.UsageSource, settlement.Usage, settlement.Error),
            Is.EqualTo((UsageStatus.Settled, source, usage, error)));
        Assert.That(settlement.CostNanoUsd, Is.EqualTo((usage.PromptTokens * 1_000) + (usage.CompletionTokens * 2_000)));
    }
}
