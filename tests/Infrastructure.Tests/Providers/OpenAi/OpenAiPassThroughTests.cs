using System.Text;
using System.Text.Json;
using AiGateway.Application.OpenAiWire;
using AiGateway.Application.Requests;
using AiGateway.Domain;

namespace AiGateway.Infrastructure.Tests.Providers.OpenAi;

[TestFixture]
internal sealed class OpenAiPassThroughTests
{
    private static readonly string[] Known = ["model", "max_tokens", "max_completion_tokens", "max_output_tokens", "stream", "stream_options"];

    [Test]
    public void Body_WhenNothingIsMissing_PassesAsItCame()
    {
        const string Body = """ { "model" : "gpt-test","max_tokens":5, "x":[1, 2 ,{"max_tokens":null}] } """;

        Assert.That(Send(Body, limit: 5), Is.EqualTo(Body));
    }

    [TestCase(false, """{"max_tokens":100,"model":"gpt-test","messages":[]}""")]
    [TestCase(true, """{"max_completion_tokens":100,"model":"gpt-test","messages":[]}""")]
    public void Body_WithoutALimit_GetsOneUnderTheNameThatItsModelReads(bool reasoning, string sent) =>
        Assert.That(Send("""{"model":"gpt-test","messages":[]}""", reasoning: reasoning), Is.EqualTo(sent));

    [Test]
    public void Body_WhenItsLimitIsNull_GetsOneInItsPlace() =>
        Assert.That(Send("""{"max_tokens":null,"model":"gpt-test"}"""), Is.EqualTo("""{"max_tokens":100,"model":"gpt-test"}"""));

    [TestCase("""{"model":"gpt-test","max_completion_tokens" : 5 }""", """{"model":"gpt-test","max_tokens":5 }""")]
    [TestCase("""{"max\u005fcompletion_tokens":5,"model":"gpt-test"}""", """{"max_tokens":5,"model":"gpt-test"}""")]
    [TestCase("""{"max_tokens":5,"model":"gpt-test","max_completion_tokens":4}""", """{"max_tokens":5,"model":"gpt-test"}""")]
    [TestCase("""{ "max_completion_tokens" : 5 , "max_tokens" : 4 , "model":"gpt-test"}""", """{  "max_tokens" : 5 , "model":"gpt-test"}""")]
    [TestCase("""{"model":"gpt-test", "max_tokens" :4 , "max_completion_tokens": 5 }""", """{"model":"gpt-test", "max_tokens" :5  }""")]
    [TestCase("""{"model":"gpt-test","max_tokens":null,"max_completion_tokens":5}""", """{"model":"gpt-test","max_tokens":5}""")]
    public void Body_WhenItsLimitHasTheOtherName_SendsItUnderTheNameThatIsRead(string body, string sent) =>
        Assert.That(Send(body, limit: 5), Is.EqualTo(sent));

    [TestCase(true, "max_completion_tokens")]
    [TestCase(false, "max_tokens")]
    public void Body_OfAReasoningModelOfAnotherVendor_NamesTheLimitAsItsServerReadsIt(bool isOpenAi, string name) => Assert.That(
        Send("""{"model":"gpt-test"}""", reasoning: true, isOpenAi: isOpenAi), Is.EqualTo($$"""{"{{name}}":100,"model":"gpt-test"}"""));

    [Test]
    public void Body_WhenItsLimitIsAboveTheModels_SendsTheModelsLimit() => Assert.That(
        Send("""{"model":"gpt-test","max_tokens":90000}""", limit: 4_096), Is.EqualTo("""{"model":"gpt-test","max_tokens":4096}"""));

    [Test]
    public void Body_WhenTheGatewayChoseTheModel_NamesIt() => Assert.Multiple(() =>
    {
        Assert.That(Send("""{"max_tokens":5}""", limit: 5, asked: null), Is.EqualTo("""{"model":"gpt-test","max_tokens":5}"""));
        Assert.That(
            Send("""{"model":null,"max_tokens":5}""", limit: 5, asked: null), Is.EqualTo("""{"model":"gpt-test","max_tokens":5}"""));
    });

    [TestCase("""{"model":"gpt-test","max_tokens":5,"stream":true}""", """{"stream_options":{"include_usage":true},"model":"gpt-test","max_tokens":5,"stream":true}""")]
    [TestCase("""{"model":"gpt-test","max_tokens":5,"stream_options":null}""", """{"model":"gpt-test","max_tokens":5,"stream_options":{"include_usage":true}}""")]
    [TestCase("""{"model":"gpt-test","max_tokens":5,"stream_options":{"include_usage": true}}""", """{"model":"gpt-test","max_tokens":5,"stream_options":{"include_usage": true}}""")]
    [TestCase(
        """{"model":"gpt-test","max_tokens":5,"stream_options":{"include_usage":false,"include_obfuscation":false}}""",
        """{"model":"gpt-test","max_tokens":5,"stream_options":{"include_usage":true,"include_obfuscation":false}}""")]
    public void Stream_Always_AsksForUsage(string body, string sent) => Assert.That(Send(body, limit: 5, stream: true), Is.EqualTo(sent));

    [Test]
    public void Response_GetsItsOwnLimitAndNoStreamOptions() => Assert.That(
        Send("""{"model":"gpt-test","input":"é"}""", stream: true, operation: ModelOperation.Responses),
        Is.EqualTo("""{"max_output_tokens":100,"model":"gpt-test","input":"é"}"""));

    [TestCase("1e2")]
    [TestCase("100.0")]
    [TestCase("1E+2")]
    public void Limit_InAnotherForm_StaysAsItIs(string limit) => Assert.That(
        Send($$"""{"model":"gpt-test","max_tokens":{{limit}}}"""), Is.EqualTo($$"""{"model":"gpt-test","max_tokens":{{limit}}}"""));

    [TestCase("""{"store":true,"model":"gpt-test","max_tokens":100}""", """{"model":"gpt-test","max_tokens":100}""")]
    [TestCase("""{"model":"gpt-test", "store" : {"a":[1,"store"]} ,"max_tokens":100}""", """{"model":"gpt-test", "max_tokens":100}""")]
    [TestCase("""{"model":"gpt-test","max_tokens":100,"seed":1,"store":null}""", """{"model":"gpt-test","max_tokens":100}""")]
    [TestCase("""{"model":"gpt-test","max_tokens":100,"a":{"store":1}}""", """{"model":"gpt-test","max_tokens":100,"a":{"store":1}}""")]
    [TestCase("""{"model":"gpt-test","max_tokens":100,"sto\u0072e":1}""", """{"model":"gpt-test","max_tokens":100}""")]
    public void Members_ThatTheServerRefuses_AreRemoved(string body, string sent) => Assert.That(
        Send(body, profile: new OpenAiProfile { DroppedMembers = ["store", "seed"] }), Is.EqualTo(sent));

    [Test]
    public void Embeddings_GetNoLimit() => Assert.That(
        Send("""{"model":"gpt-test","input":"a"}""", operation: ModelOperation.Embeddings), Is.EqualTo("""{"model":"gpt-test","input":"a"}"""));

    private static string Send(
        string body,
        long? limit = null,
        bool reasoning = false,
        string? asked = "gpt-test",
        bool stream = false,
        ModelOperation operation = ModelOperation.Chat,
        bool isOpenAi = true,
        OpenAiProfile? profile = null)
    {
        var wire = new WireRequest(WireKind.OpenAiChat, Encoding.UTF8.GetBytes(body), MembersOf(body));
        var call = TestCall.Of(
            request => request with
            {
                Model = asked,
                Operation = operation,
                Stream = stream,
                Options = new GenerateOptions { MaxTokens = limit },
                Wire = wire,
            },
            maxCompletionTokens: limit ?? 100,
            reasoning: reasoning);
        return Encoding.UTF8.GetString(OpenAiPassThrough.ToBody(call, wire, profile ?? (isOpenAi ? OpenAiProfile.OpenAi : OpenAiProfile.Compatible)).Span);
    }

    private static List<WireMember> MembersOf(string body)
    {
        var members = new List<WireMember>();
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(body));
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != 1) continue;
            var name = reader.GetString()!;
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (Known.Contains(name)) members.Add(new WireMember(name, start, (int)reader.BytesConsumed - start));
        }

        return members;
    }
}
