using System.Text;
using AiGateway.Application.Generation;
using AiGateway.Application.Providers;
using AiGateway.Application.Requests;
using AiGateway.Application.Tests.Translation.Samples;
using AiGateway.Domain;
using NSubstitute;
using NSubstitute.ExceptionExtensions;
using NSubstitute.Extensions;

namespace AiGateway.Application.Tests.Translation;

/// <summary>A failover between targets of different wires keeps the wire of the client, through the pipeline.</summary>
public sealed class TranslatedFailoverTests : IDisposable
{
    private const string Message = """{"id":"msg_1","model":"claude","content":[{"type":"text","text":"Hi!"}],"stop_reason":"end_turn"}""";
    private const string Completion = """{"id":"c1","model":"gpt","choices":[{"index":0,"message":{"content":"Hi!"},"finish_reason":"stop"}]}""";
    private readonly IModelAdapter _claude = Sample.Adapter("claude", Wires.Strict);
    private readonly IModelAdapter _gpt = Sample.Adapter("gpt", Wires.Open);
    private readonly List<ModelCall> _calls = [];
    private readonly UseCases _useCases;

    public TranslatedFailoverTests()
    {
        _claude.WireOf(Arg.Any<ModelOperation>()).Returns(WireKind.AnthropicMessages);
        _useCases = new UseCases(_claude, _gpt);
    }

    public void Dispose() => _useCases.Dispose();

    [TestCase(WireKind.OpenAiChat, "claude", "chat.completion")]
    [TestCase(WireKind.OpenAiChat, "gpt", "choices")]
    [TestCase(WireKind.AnthropicMessages, "claude", "end_turn")]
    [TestCase(WireKind.AnthropicMessages, "gpt", "end_turn")]
    public async Task Generate_WhicheverTargetAnswers_AnswersInTheWireOfTheClient(WireKind client, string answering, string expected)
    {
        Answer(_claude, Message, fails: answering != "claude");
        Answer(_gpt, Completion, fails: answering != "gpt");
        var request = Request(client);

        var reply = await _useCases.SendAsync(request);

        Assert.That(reply.Provider, Is.EqualTo(answering));
        Assert.That(Wires.Text(reply.Answer.Body), Does.Contain(expected));
        Assert.That(_calls[^1].Wire!.Kind, Is.EqualTo(answering == "claude" ? WireKind.AnthropicMessages : WireKind.OpenAiChat));
        Assert.That(reply.Answer.Body.Equals(_lastBody), Is.EqualTo(client == _calls[^1].Wire!.Kind));
        var settlement = _useCases.Settlements.Single();
        Assert.That((settlement.Status, settlement.CostNanoUsd), Is.EqualTo((UsageStatus.Settled, (long?)(10 * 1_000) + (5 * 2_000))));
    }

    [Test]
    public async Task Generate_WhenTheReplyIsMalformed_TriesNoOtherTargetAndChargesWhatMayBeBilled()
    {
        Answer(_claude, """{"content":[{"type":"text","text":"\ud800"}]}""", fails: false);

        await Assert.ThrowsAsync<ProviderException>(() => _useCases.SendAsync(Request(WireKind.OpenAiChat)));

        await _gpt.DidNotReceiveWithAnyArgs().GenerateAsync(default!, default);
    }

    [Test]
    public async Task Generate_WhenNoTargetCanBeSentTheRequest_HoldsNothing()
    {
        using var useCases = new UseCases(_claude);

        await Assert.ThrowsAsync<InvalidRequestException>(() => useCases.SendAsync(Request(WireKind.OpenAiChat, ""","n":2""")));

        Assert.That(useCases.Holds, Is.Empty);
    }

    private ReadOnlyMemory<byte> _lastBody;

    private static Generate Request(WireKind client, string member = "") => Sample.Request("m") with
    {
        Prompt = null,
        Wire = new WireRequest(client, Encoding.UTF8.GetBytes($$"""{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"Hi"}]{{member}}}"""), []),
    };

    private void Answer(IModelAdapter adapter, string body, bool fails)
    {
        if (fails) adapter.Configure().GenerateAsync(default!, default).ThrowsAsyncForAnyArgs(Sample.Failure(ErrorCode.ProviderFailed));
        else adapter.Configure().GenerateAsync(default!, default).ReturnsForAnyArgs(call => Reply(call.Arg<ModelCall>(), body));
    }

    private ModelReply Reply(ModelCall call, string body)
    {
        _calls.Add(call);
        _lastBody = Encoding.UTF8.GetBytes(body);
        return Sample.Reply("m") with { Body = _lastBody };
    }
}
