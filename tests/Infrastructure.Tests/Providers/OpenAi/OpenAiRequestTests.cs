using System.Text;
using AiGateway.Application.OpenAiWire;
using AiGateway.Application.Providers;
using AiGateway.Application.Requests;

namespace AiGateway.Infrastructure.Tests.Providers.OpenAi;

[TestFixture]
internal sealed class OpenAiRequestTests
{
    private const string Start = """{"model":"gpt-test","messages":[{"role":"user","content":"Hi"}]""";
    private const string End = ""","max_tokens":100}""";

    [Test]
    public void Request_WithoutOptions_HasModelMessagesAndLimitAlone() =>
        Assert.That(Written(TestCall.Of()), Is.EqualTo(Start + End));

    [Test]
    public void Request_WhenModelReasons_NamesTheLimitMaxCompletionTokens() =>
        Assert.That(
            Written(TestCall.Of(maxCompletionTokens: 77, reasoning: true)),
            Is.EqualTo(Start + ""","max_completion_tokens":77}"""));

    [Test]
    public void Request_WhenSystemPromptIsGiven_PutsItFirst() =>
        Assert.That(
            Written(TestCall.Of(request => request with { SystemPrompt = "Be brief." })),
            Is.EqualTo("""{"model":"gpt-test","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hi"}],"max_tokens":100}"""));

    [Test]
    public void Request_WhenConversationIsGiven_KeepsItsRolesAndOrder() =>
        Assert.That(
            Written(TestCall.Of(request => request with
            {
                Prompt = null,
                Messages = [new("developer", "d"), new("user", "u"), new("assistant", "a"), new("user", "v")],
            })),
            Is.EqualTo("""{"model":"gpt-test","messages":[{"role":"developer","content":"d"},{"role":"user","content":"u"},{"role":"assistant","content":"a"},{"role":"user","content":"v"}],"max_tokens":100}"""));

    [Test]
    public void Request_WithSpecialCharacters_EscapesOnlyWhatJsonNeeds() =>
        Assert.That(
            Written(TestCall.Of(request => request with { Prompt = "\"ä<&>\n\\ 😀" })),
            Is.EqualTo("""{"model":"gpt-test","messages":[{"role":"user","content":"\"ä<&>\n\\ \uD83D\uDE00"}],"max_tokens":100}"""));

    [Test]
    public void Request_WhenStreamed_AsksForTheUsageToo() =>
        Assert.That(
            Written(TestCall.Of(request => request with { Stream = true })),
            Is.EqualTo(Start + ""","max_tokens":100,"stream":true,"stream_options":{"include_usage":true}}"""));

    [TestCaseSource(nameof(SingleOptions))]
    public void Request_WhenAnOptionIsChosen_SendsItAndNoOther(GenerateOptions options, string onTheWire) =>
        Assert.That(Written(TestCall.Of(request => request with { Options = options })), Is.EqualTo(Start + onTheWire + End));

    [Test]
    public void Request_WhenEverythingIsChosen_KeepsTheFixedOrder() =>
        Assert.That(
            Written(TestCall.Of(request => request with
            {
                Choices = 3,
                EndUser = "user-7",
                Options = new GenerateOptions
                {
                    Temperature = 0.5,
                    TopP = 0.9,
                    MaxTokens = 5,
                    Stop = ["END"],
                    Seed = 1,
                    FrequencyPenalty = 1,
                    PresencePenalty = -1,
                    ResponseFormat = "json",
                },
            })),
            Is.EqualTo(Start + ""","temperature":0.5,"top_p":0.9,"stop":["END"],"seed":1,"frequency_penalty":1,"presence_penalty":-1,"response_format":{"type":"json_object"},"user":"user-7","n":3,"max_tokens":100}"""));

    private static IEnumerable<TestCaseData> SingleOptions()
    {
        yield return new TestCaseData(new GenerateOptions { Temperature = 0 }, ""","temperature":0""");
        yield return new TestCaseData(new GenerateOptions { Temperature = 1.7 }, ""","temperature":1.7""");
        yield return new TestCaseData(new GenerateOptions { TopP = 0.1 }, ""","top_p":0.1""");
        yield return new TestCaseData(new GenerateOptions { Stop = ["\n", "END"] }, ""","stop":["\n","END"]""");
        yield return new TestCaseData(new GenerateOptions { Seed = long.MinValue }, ""","seed":-9223372036854775808""");
        yield return new TestCaseData(new GenerateOptions { FrequencyPenalty = -2 }, ""","frequency_penalty":-2""");
        yield return new TestCaseData(new GenerateOptions { PresencePenalty = 0.25 }, ""","presence_penalty":0.25""");
        yield return new TestCaseData(new GenerateOptions { ResponseFormat = "json" }, ""","response_format":{"type":"json_object"}""");
        yield return new TestCaseData(new GenerateOptions { ResponseFormat = "text" }, "");
    }

    private static string Written(ModelCall call) => Encoding.UTF8.GetString(OpenAiRequest.ToChatCompletion(call, OpenAiProfile.OpenAi).Span);
}
