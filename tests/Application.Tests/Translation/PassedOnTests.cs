using AiGateway.Application.OpenAiWire;
using AiGateway.Application.Requests;
using AiGateway.Application.Tests.Translation.Samples;

namespace AiGateway.Application.Tests.Translation;

/// <summary>A translated request is sent like a client's own JSON: the adapter changes single members of it.</summary>
public sealed class PassedOnTests
{
    private const string Messages = """{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"Hi"}],"stream":true}""";

    [Test]
    public void ChatCompletion_GetsTheProvidersNameAndTheLimitThatWasGranted()
    {
        var call = Wires.Across(WireKind.AnthropicMessages, Messages, streams: true) with { Upstream = "upstream", MaxCompletionTokens = 77 };

        var body = OpenAiPassThrough.ToBody(call, call.Wire!, new OpenAiProfile { OutputLimit = OutputLimitName.MaxCompletionTokens });

        Assert.That(
            Wires.Text(body),
            Is.EqualTo("""{"stream_options":{"include_usage":true},"model":"upstream","messages":[{"role":"user","content":"Hi"}],"max_completion_tokens":77,"stream":true}"""));
    }

    [Test]
    public void Headers_OfTheOtherWire_AreNotSentOn()
    {
        var call = Wires.Call(WireKind.AnthropicMessages, Messages);
        call = call with { Request = call.Request with { Wire = call.Request.Wire! with { Headers = [new("anthropic-version", "2023-06-01")] } } };

        Assert.That(Application.Translation.WireTranslator.ToTarget(call, WireKind.OpenAiChat)!.Headers, Is.Empty);
    }
}
