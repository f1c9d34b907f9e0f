using System.Text.Json;
using AiGateway.Api.Tests.Bounds;
using AiGateway.Api.Tests.Hosting;
using AiGateway.Testing;
using Microsoft.AspNetCore.Http;

namespace AiGateway.Api.Tests.Clients;

/// <summary>Requests recorded from client programs. Each has the outcome that its recording states.</summary>
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

    private static readonly string[] Models = ["mock-gpt", "my-deployment", "gpt-6-luna", "gpt-5.5", "gpt-5", "gpt-5-mini", "gpt-4o-mini", "mock-embed", "text-embedding-3-small"];
    private BoundGateway _refusing = null!;
    private BoundGateway _dropping = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        var prices = $$"""{"models":[{{string.Join(',', Models.Select(Priced))}}]}""";
        _refusing = await BoundGateway.StartAtPricesAsync(prices);
        _dropping = await BoundGateway.StartAtPricesAsync(prices, ("AI_GATEWAY_PROVIDER_TOOLS", "drop"));
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _refusing.DisposeAsync();
        await _dropping.DisposeAsync();
    }

    [TestCaseSource(nameof(OfOtherWires))]
    public async Task Request_OfAClient_HasTheOutcomeThatItsRecordingStates(Recording recording)
    {
        var reply = await ReplayAsync(_refusing, recording);

        Assert.That(reply.Status, Is.EqualTo(recording.Status), reply.Text);
        if (recording.Status == 200) await AssertServedAsync(_refusing, reply);
        else AssertToldInItsFormat(recording, reply);
    }

    [TestCaseSource(nameof(WithToolsOfTheProvider))]
    public async Task Request_WithToolsOfTheProvider_PassesWithoutThemWhereTheOperatorDropsThem(Recording recording)
    {
        var reply = await ReplayAsync(_dropping, recording);

        Assert.That(reply.Status, Is.EqualTo(200), reply.Text);
        Assert.That(reply.Header("x-aigateway-dropped"), Is.EqualTo(recording.Dropped));
        await AssertServedAsync(_dropping, reply);
        var sent = JsonElement.Parse(_dropping.Gateway.Provider.Seen.Single().Body);
        Assert.That(sent.TryGetProperty("web_search_options", out _), Is.False);
        if (!sent.TryGetProperty("tools", out var tools)) return;
        Assert.That(tools.EnumerateArray().Select(tool => tool.GetProperty("type").GetString()), Has.None.AnyOf("web_search", "image_generation"));
        Assert.That(tools.GetArrayLength(), Is.Positive);
    }

    private static IEnumerable<Recording> OfOtherWires() => Recording.All().Where(recording => !recording.IsMessage);

    private static IEnumerable<Recording> WithToolsOfTheProvider() => Recording.All().Where(recording => recording.Dropped is not null);

    private static async Task AssertServedAsync(BoundGateway stage, Reply reply)
    {
        Assert.That(stage.Gateway.Provider.Seen, Has.Count.EqualTo(1));
        Assert.That(await stage.HeldForAsync(reply), Is.InRange(3, 40_000), "not the context window");
    }

    private static void AssertToldInItsFormat(Recording recording, Reply reply)
    {
        var error = reply.Json.GetProperty("error");
        switch (recording.Expected("format"))
        {
            case "google":
                Assert.That(error.GetProperty("status").GetString(), Is.EqualTo("NOT_FOUND"));
                Assert.That(error.GetProperty("code").GetInt32(), Is.EqualTo(404));
                break;
            default:
                Assert.That(error.GetProperty("param").GetString(), Is.EqualTo(recording.Expected("param")));
                if (recording.Expected("code") is { } code) Assert.That(error.GetProperty("code").GetString(), Is.EqualTo(code));
                break;
        }
    }

    // Input costs one dollar a million tokens and output nothing. The amount of a hold therefore shows its tokens.
    private static string Priced(string model) => $$"""
        {"model": "{{model}}", "provider": "openai", "contextWindow": 1000000, "maxOutputTokens": 4000, "capabilities": ["chat", "embeddings", "tools", "vision"],
         "prices": [{"effectiveFrom": "2020-01-01", "inputUsdPerMillion": "1.00", "outputUsdPerMillion": "0", "free": true}]}
        """;

    private static async Task<Reply> ReplayAsync(BoundGateway stage, Recording recording)
    {
        var body = await PrepareAsync(stage, recording);
        stage.Gateway.Provider.Reset(Answers.Completion());
        stage.Gateway.Provider.Answer = AnswerAsync;
        return await stage.Caller.SendAsync(recording.ToRequest(stage.Caller, body));
    }

    // Makes the objects of the previous turn that the request names by id, because a recording holds one turn only.
    private static async Task<string?> PrepareAsync(BoundGateway stage, Recording recording)
    {
        if (recording.Body is not { } body) return null;
        var raw = body.GetRawText();
        if (!body.TryGetProperty("input", out var input) || input.ValueKind != JsonValueKind.Array) return raw;
        var previous = body.TryGetProperty("previous_response_id", out var id) ? id.GetString() : null;
        var reasoning = input.EnumerateArray().Where(IsReasoning).ToArray();
        if (previous is null && reasoning.Length == 0) return raw;

        var made = $"resp_{recording.Name}";
        stage.Gateway.Provider.Answer = Answers.Raw(JsonSerializer.Serialize(new
        {
            id = made,
            @object = "response",
            status = "completed",
            output = reasoning,
            usage = new { input_tokens = 10, output_tokens = 10, total_tokens = 20 },
        }));
        (await stage.Caller.PostAsync("/v1/responses", new { model = body.GetProperty("model").GetString(), input = "q" })).Expect(200);
        return previous is null ? raw : raw.Replace(previous, made, StringComparison.Ordinal);
    }

    private static bool IsReasoning(JsonElement item) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty("type", out var type) && type.ValueEquals("reasoning");

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
