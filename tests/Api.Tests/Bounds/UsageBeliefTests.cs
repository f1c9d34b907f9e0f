using AiGateway.Api.Tests.Hosting;
using AiGateway.Testing;
using Microsoft.AspNetCore.Http;

namespace AiGateway.Api.Tests.Bounds;

/// <summary>Usage figures that are impossible are not charged. The text is counted instead.</summary>
internal sealed class UsageBeliefTests
{
    private const string Body = """{"model":"gpt-4o","max_tokens":50,"messages":[{"role":"user","content":"Hi"}]}""";
    private BoundPricesGateway _stage = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _stage = await BoundPricesGateway.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await _stage.DisposeAsync();

    [SetUp]
    public void Reset() => _stage.Gateway.Provider.Reset(Answers.Completion());

    // "Hi" is 8 prompt tokens with its framing. "Hello there" is two tokens.
    [TestCase("""{"prompt_tokens":0,"completion_tokens":0,"total_tokens":0}""", 8, 2, "counted")]
    [TestCase("""{"prompt_tokens":8,"completion_tokens":0,"total_tokens":8}""", 8, 2, "counted")]
    [TestCase("""{"prompt_tokens":0,"completion_tokens":2,"total_tokens":2}""", 8, 2, "counted")]
    [TestCase("""{"prompt_tokens":999999999,"completion_tokens":1}""", 8, 2, "counted")]
    [TestCase("""{"prompt_tokens":8,"completion_tokens":999999999}""", 8, 2, "counted")]
    [TestCase("""{"prompt_tokens":100000,"completion_tokens":51}""", 8, 2, "counted")]
    [TestCase("""{"prompt_tokens":100000,"completion_tokens":50}""", 100_000, 50, "provider")]
    [TestCase("""{"prompt_tokens":8,"completion_tokens":2,"total_tokens":30}""", 8, 22, "provider")]
    [TestCase("""{"prompt_tokens":8,"completion_tokens":2,"total_tokens":30,"completion_tokens_details":{"reasoning_tokens":20}}""", 8, 22, "provider")]
    [TestCase("""{"prompt_tokens":8,"completion_tokens":2,"total_tokens":9}""", 8, 2, "provider")]
    [TestCase("""{"prompt_tokens":8,"completion_tokens":2,"total_tokens":999999999}""", 8, 2, "counted")]
    public async Task Usage_OfAReplyOrAStream_IsChargedOnlyIfPossible(string usage, long prompt, long completion, string source)
    {
        var user = await _stage.Gateway.CreateUserAsync();
        _stage.Gateway.Provider.Answer = Answers.Raw($$$"""
            {"model":"gpt-4o","choices":[{"index":0,"message":{"role":"assistant","content":"Hello there"},"finish_reason":"stop"}],"usage":{{{usage}}}}
            """);
        (await user.Caller.SendAsync(HttpMethod.Post, "/v1/chat/completions", Body)).Expect(200);
        _stage.Gateway.Provider.Answer = Stream(usage);
        (await user.Caller.SendAsync(HttpMethod.Post, "/v1/chat/completions", Body.Replace("{\"model\"", "{\"stream\":true,\"model\"", StringComparison.Ordinal))).Expect(200);

        foreach (var row in await user.Caller.UsageAsync())
        {
            Assert.That(
                (row.GetProperty("promptTokens").GetInt64(), row.GetProperty("completionTokens").GetInt64(), row.GetProperty("usageSource").GetString()),
                Is.EqualTo((prompt, completion, source)),
                row.GetRawText());
        }
    }

    [TestCase("""{"input_tokens":0,"output_tokens":0,"total_tokens":0}""")]
    [TestCase("""{"input_tokens":5,"output_tokens":999999999}""")]
    public async Task Usage_OfAResponse_WhenImpossible_IsCounted(string usage)
    {
        var user = await _stage.Gateway.CreateUserAsync();
        _stage.Gateway.Provider.Answer = Answers.Raw($$$"""
            {"id":"resp_1","model":"gpt-4o","status":"completed","output":[{"type":"message","content":[{"type":"output_text","text":"Hello there"}]}],"usage":{{{usage}}}}
            """);

        (await user.Caller.PostAsync("/v1/responses", new { model = BoundPrices.Known, input = "Hi", max_output_tokens = 50 })).Expect(200);

        var row = (await user.Caller.UsageAsync())[0];
        Assert.That((row.GetProperty("completionTokens").GetInt64(), row.GetProperty("usageSource").GetString()), Is.EqualTo((2L, "counted")));
    }

    private static Answer Stream(string usage) => async (_, http) =>
    {
        http.Response.ContentType = "text/event-stream";
        await http.Response.WriteAsync($$$"""
            data: {"model":"gpt-4o","choices":[{"index":0,"delta":{"role":"assistant","content":"Hello"}}]}

            data: {"model":"gpt-4o","choices":[{"index":0,"delta":{"content":" there"},"finish_reason":"stop"}]}

            data: {"model":"gpt-4o","choices":[],"usage":{{{usage}}}}

            data: [DONE]


            """.ReplaceLineEndings("\n"));
    };
}
