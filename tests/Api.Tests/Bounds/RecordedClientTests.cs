using System.Text.Json;
using AiGateway.Api.Tests.Hosting;
using AiGateway.Testing;
using Microsoft.AspNetCore.Http;

namespace AiGateway.Api.Tests.Bounds;

/// <summary>Requests as client programs sent them: what they need passes, and tools of the provider are refused by name.</summary>
internal sealed class RecordedClientTests
{
    private const string Response = """
        event: response.completed
        data: {"type":"response.completed","response":{"id":"resp_1","status":"completed","model":"{MODEL}","output":[],"usage":{"input_tokens":5,"output_tokens":1,"total_tokens":6}}}


        """;

    private const string Chat = """
        data: {"id":"c","object":"chat.completion.chunk","model":"{MODEL}","choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}]}

        data: {"id":"c","object":"chat.completion.chunk","model":"{MODEL}","choices":[],"usage":{"prompt_tokens":5,"completion_tokens":1,"total_tokens":6}}

        data: [DONE]


        """;

    private static readonly string[] Models = ["mock-gpt", "gpt-6-luna", "gpt-5.5", "gpt-5", "gpt-4o-mini"];
    private BoundStage _stage = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _stage = await BoundStage.StartAtPricesAsync($$"""{"models":[{{string.Join(',', Models.Select(Priced))}}]}""");

    [OneTimeTearDown]
    public async Task StopAsync() => await _stage.DisposeAsync();

    [TestCase("codex-gpt-6-luna-turn-1")]
    [TestCase("codex-gpt-6-luna-turn-2-custom-output")]
    [TestCase("codex-gpt-6-luna-schema")]
    [TestCase("codex-compaction-trigger")]
    [TestCase("codex-gpt-5.5-functions-only")]
    [TestCase("codex-gpt-5.5-namespace")]
    [TestCase("llamaindex-responses-empty-user")]
    [TestCase("opencode-responses-turn-2-tool-output")]
    [TestCase("continue-responses-turn-2-tool-output")]
    [TestCase("pi-responses-turn-2-tool-output")]
    [TestCase("langchain-responses-turn-2-tool-output")]
    [TestCase("openai-agents-turn-2-tool-output")]
    [TestCase("langchain-chat-turn-2-tool-output")]
    [TestCase("cline-chat-turn-2-tool-output")]
    [TestCase("opencode-chat-turn-2-tool-output")]
    [TestCase("pi-chat-turn-2-tool-output")]
    [TestCase("qwen-code-chat-turn-2-tool-output")]
    [TestCase("semantic-kernel-tools-turn-2")]
    [TestCase("meai-chat-structured")]
    public async Task Request_OfAClient_PassesAndIsNotHeldAsTheContextWindow(string name)
    {
        var (path, body) = Recorded(name);
        await MakeReasoningAsync(body);
        _stage.Gateway.Provider.Reset(Answers.Completion());
        _stage.Gateway.Provider.Answer = AnswerAsync;

        var reply = (await _stage.Caller.PostAsync(path, body.GetRawText())).Expect(200);

        Assert.That(await _stage.HeldForAsync(reply), Is.InRange(10, 40_000));
        Assert.That(_stage.Gateway.Provider.Seen, Has.Count.EqualTo(1));
    }

    [TestCase("codex-gpt-5.5-turn-1", "tools[4].type", "web_search")]
    [TestCase("codex-gpt-5.5-turn-2-tool-output", "tools[4].type", "web_search")]
    [TestCase("cline-responses-hosted-tools", "tools[0].type", "web_search")]
    [TestCase("openai-agents-web-search", "tools[0].type", "web_search")]
    [TestCase("aisdk-openai-web-search", "tools[0].type", "web_search")]
    [TestCase("meai-responses-web-search", "tools[0].type", "web_search")]
    [TestCase("meai-chat-web-search", "web_search_options", "search")]
    public async Task Request_WithASearchOfTheProvider_IsRefusedByName(string name, string param, string word)
    {
        var (path, body) = Recorded(name);

        var error = await _stage.RefusedAsync(path, body.GetRawText());

        Assert.That(error.GetProperty("param").GetString(), Is.EqualTo(param));
        Assert.That(error.GetProperty("message").GetString(), Does.Contain(word));
    }

    // Input at a dollar a million tokens, output for nothing: a hold tells its tokens.
    private static string Priced(string model) => $$"""
        {"model": "{{model}}", "provider": "openai", "contextWindow": 1000000, "maxOutputTokens": 4000, "capabilities": ["chat", "tools", "vision"],
         "prices": [{"effectiveFrom": "2020-01-01", "inputUsdPerMillion": "1.00", "outputUsdPerMillion": "0", "free": true}]}
        """;

    private static (string Path, JsonElement Body) Recorded(string name)
    {
        var recorded = JsonElement.Parse(Repository.Read($"tests/Api.Tests/Fixtures/{name}.json"));
        return (recorded.GetProperty("path").GetString()!, recorded.GetProperty("body"));
    }

    // What the client names by its id alone came from the turn before, which the recording does not hold.
    private async Task MakeReasoningAsync(JsonElement body)
    {
        if (!body.TryGetProperty("input", out var input) || input.ValueKind != JsonValueKind.Array) return;
        var reasoning = input.EnumerateArray().Where(item => item.TryGetProperty("type", out var type) && type.ValueEquals("reasoning")).ToArray();
        _stage.Gateway.Provider.Answer = Answers.Raw(JsonSerializer.Serialize(new
        {
            id = "resp_0",
            @object = "response",
            status = "completed",
            output = reasoning,
            usage = new { input_tokens = 10, output_tokens = 10, total_tokens = 20 },
        }));
        (await _stage.Caller.PostAsync("/v1/responses", new { model = body.GetProperty("model").GetString(), input = "q" })).Expect(200);
    }

    private static async Task AnswerAsync(SeenRequest request, HttpContext http)
    {
        var asked = JsonElement.Parse(request.Body);
        if (!asked.TryGetProperty("stream", out var stream) || !stream.GetBoolean())
        {
            await Answers.Completion()(request, http);
            return;
        }

        http.Response.ContentType = "text/event-stream";
        var model = asked.GetProperty("model").GetString();
        var events = request.Target.EndsWith("responses", StringComparison.Ordinal) ? Response : Chat;
        await http.Response.WriteAsync(events.Replace("{MODEL}", model, StringComparison.Ordinal));
    }
}
