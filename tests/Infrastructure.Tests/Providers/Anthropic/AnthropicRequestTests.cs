using System.Text;
using System.Text.Json;
using AiGateway.Application.AnthropicWire;
using AiGateway.Application.Generation;
using AiGateway.Application.Requests;
using AiGateway.Application.Translation;
using AiGateway.Domain;

namespace AiGateway.Infrastructure.Tests.Providers.Anthropic;

/// <summary>Requests as they are sent, and what is refused before anything is held.</summary>
[TestFixture]
internal sealed class AnthropicRequestTests
{
    private static readonly ModelTraits Strict = new() { Sampling = false, Prefill = false };

    [Test]
    public void NativeRequest_WhenWritten_HasOnlyChosenValues() => Assert.That(
        Written(request => request),
        Is.EqualTo("""{"model":"gpt-test","max_tokens":100,"messages":[{"role":"user","content":"Hi"}]}"""));

    [Test]
    public void NativeRequest_WithEverything_IsWrittenInTheWire()
    {
        var request = TestCall.Of(
            request => request with
            {
                Prompt = null,
                SystemPrompt = "Be brief.",
                Messages = [new("developer", "In German."), new("user", "Zähl \"bis\" 2"), new("assistant", "1"), new("system", ""), new("user", "2?")],
                Options = new GenerateOptions { Temperature = 0.5, TopP = 0.9, Stop = ["\n\nEnd"], Seed = 7, FrequencyPenalty = 0, ResponseFormat = "text" },
                EndUser = "u-1",
                Stream = true,
            });

        Assert.That(
            Encoding.UTF8.GetString(AnthropicRequest.ToMessage(request with { Upstream = "claude-x" }).Span),
            Is.EqualTo("""{"model":"claude-x","max_tokens":100,"system":[{"type":"text","text":"Be brief."},{"type":"text","text":"In German."}],"messages":[{"role":"user","content":"Zähl \"bis\" 2"},{"role":"assistant","content":"1"},{"role":"user","content":"2?"}],"temperature":0.5,"top_p":0.9,"stop_sequences":["\n\nEnd"],"metadata":{"user_id":"u-1"},"stream":true}"""));
    }

    [Test]
    public void DefaultSampling_ForAModelWithoutSampling_IsLeftOut()
    {
        var call = TestCall.Of(request => request with { Options = new GenerateOptions { Temperature = 1, TopP = 1 } });
        call = call with { Model = call.Model with { Traits = Strict } };

        Assert.That(() => WireTranslator.ToTarget(call, WireKind.AnthropicMessages), Is.Null);
        Assert.That(Encoding.UTF8.GetString(AnthropicRequest.ToMessage(call).Span), Does.Not.Contain("temperature").And.Not.Contain("top_p"));
    }

    [Test]
    public void JsonFormat_IsAskedForInASystemText_AndItsTokensAreHeld()
    {
        var call = TestCall.Of(request => request with { Options = new GenerateOptions { ResponseFormat = "json" } });

        Assert.That(Encoding.UTF8.GetString(AnthropicRequest.ToMessage(call).Span), Does.Contain("""
            "system":[{"type":"text","text":"Answer with one JSON object and nothing else, without a code fence."}]
            """.Trim()));
        Assert.That(AnthropicRequest.AddedTokens(call.Request), Is.GreaterThan(15));
        Assert.That(WireTranslator.ToTarget(call, WireKind.AnthropicMessages), Is.Null);
    }

    private static IEnumerable<TestCaseData> Refused()
    {
        yield return new(Options(new() { Temperature = 0.5 }), Strict, "options.temperature");
        yield return new(Options(new() { TopP = 0.5 }), Strict, "options.topP");
        yield return new(Options(new() { Temperature = 1.2 }), ModelTraits.Unknown, "options.temperature");
        yield return new(Options(new() { FrequencyPenalty = 0.1 }), ModelTraits.Unknown, "options.frequencyPenalty");
        yield return new(Options(new() { PresencePenalty = -0.1 }), ModelTraits.Unknown, "options.presencePenalty");
        yield return new(Options(new() { Stop = ["x", " \n"] }), ModelTraits.Unknown, "options.stop");
        yield return new(Messages(new("user", "a"), new("tool", "b")), ModelTraits.Unknown, "messages[1].role");
        yield return new(Messages(new ChatMessage("system", "a")), ModelTraits.Unknown, "messages");
        yield return new(Messages(new("user", "a"), new("assistant", "b")), Strict, "messages[1]");
    }

    [TestCaseSource(nameof(Refused))]
    public void NativeRequest_ThatTheWireOrTheModelCannotCarry_IsRefusedByName(Func<Generate, Generate> change, ModelTraits traits, string field)
    {
        var call = TestCall.Of(change);

        var refusal = Assert.Throws<InvalidRequestException>(() => WireTranslator.ToTarget(call with { Model = call.Model with { Traits = traits } }, WireKind.AnthropicMessages));

        Assert.That(refusal!.Faults.Single().Field, Is.EqualTo(field));
    }

    [TestCase("""{"model":"gpt-test","max_tokens":100,"messages":[],"future":{"a":1.0}}""", null, null)]
    [TestCase("""{ "model" : "gpt\u002dtest", "max_tokens":1e2 }""", null, null)]
    [TestCase("""{"model":"alias","max_tokens":100}""", null, """{"model":"gpt-test","max_tokens":100}""")]
    [TestCase("""{"model":"gpt-test","max_tokens":100}""", "claude-x", """{"model":"claude-x","max_tokens":100}""")]
    [TestCase("""{"model":"gpt-test","max_tokens":4000}""", null, """{"model":"gpt-test","max_tokens":100}""")]
    [TestCase("""{"model":"gpt-test"}""", null, """{"max_tokens":100,"model":"gpt-test"}""")]
    public void ForeignRequest_WhenPassedThrough_ChangesOnlyModelAndLimit(string body, string? upstream, string? sent)
    {
        var call = TestCall.Of() with { Upstream = upstream };

        Assert.That(Encoding.UTF8.GetString(AnthropicPassThrough.ToMessage(call, Wire(body), dropped: []).Span), Is.EqualTo(sent ?? body));
    }

    [Test]
    public void CountRequest_WhenPassedThrough_ChangesOnlyTheModel() => Assert.That(
        Encoding.UTF8.GetString(AnthropicPassThrough.ToCount(Wire("""{"model":"a","messages":[]}"""), "b", dropped: []).Span),
        Is.EqualTo("""{"model":"b","messages":[]}"""));

    [Test]
    public void ForeignRequest_ToAServerThatRefusesMembers_IsSentWithoutThem() => Assert.That(
        Encoding.UTF8.GetString(AnthropicPassThrough.ToMessage(TestCall.Of(), Wire("""{"model":"m","metadata":{"user_id":"u"},"max_tokens":100,"a":1}"""), ["metadata", "b"]).Span),
        Is.EqualTo("""{"model":"gpt-test","max_tokens":100,"a":1}"""));

    /// <summary>A request in the wire, with the positions of its members.</summary>
    public static WireRequest Wire(string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var members = new List<WireMember>();
        var json = new Utf8JsonReader(bytes);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = json.GetString()!;
            json.Read();
            var start = (int)json.TokenStartIndex;
            json.Skip();
            members.Add(new WireMember(name, start, (int)json.BytesConsumed - start));
        }

        return new WireRequest(WireKind.AnthropicMessages, bytes, members);
    }

    private static Func<Generate, Generate> Options(GenerateOptions options) => request => request with { Options = options };

    private static Func<Generate, Generate> Messages(params ChatMessage[] messages) => request => request with { Prompt = null, Messages = messages };

    private static string Written(Func<Generate, Generate> change) => Encoding.UTF8.GetString(AnthropicRequest.ToMessage(TestCall.Of(change)).Span);
}
