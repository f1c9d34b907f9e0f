using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using AiGateway.Conformance.Tests.Hosting;
using AiGateway.Conformance.Tests.Messages;

namespace AiGateway.Conformance.Tests.Across;

/// <summary>The native API with a Claude model at a provider of Anthropic's wire.</summary>
internal sealed class GenerateWithClaudeTests
{
    private const decimal InputUsd = 0.000002m;
    private const decimal OutputUsd = 0.00001m;
    private MessagesGateway _stage = null!;
    private HttpClient _http = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _stage = await MessagesGateway.StartAsync();
        _http = new HttpClient { BaseAddress = _stage.Gateway.BaseUrl };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _stage.Gateway.Key);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _http.Dispose();
        await _stage.DisposeAsync();
    }

    [TestCase("Hello Claude", 100, "Hello Claude", "stop")]
    [TestCase("chunks=9", 3, "one two three", "length")]
    public async Task Plain_HasTextUsageAndCost(string prompt, int maxTokens, string content, string finishReason)
    {
        var reply = JsonElement.Parse(await PostAsync(new { model = TestPrices.Claude, prompt, options = new { maxTokens } }));

        Assert.That((reply.GetProperty("content").GetString(), reply.GetProperty("finishReason").GetString()), Is.EqualTo((content, finishReason)));
        Assert.That(LastRequest.GetProperty("max_tokens").GetInt32(), Is.EqualTo(maxTokens));
        await AssertChargedAsync(reply);
    }

    [TestCase("chunks=5", 100, "one two three four five", "stop")]
    [TestCase("chunks=9", 3, "one two three", "length")]
    public async Task Streamed_HasTextUsageAndCost(string prompt, int maxTokens, string content, string finishReason)
    {
        var events = EventsOf(await PostAsync(new { model = TestPrices.Claude, prompt, stream = true, options = new { maxTokens } }));

        var (type, done) = events[^1];
        Assert.That(type, Is.EqualTo("done"));
        Assert.That(string.Concat(events.Where(each => each.Type == "delta").Select(each => each.Json.GetProperty("content").GetString())), Is.EqualTo(content));
        Assert.That(done.GetProperty("finishReason").GetString(), Is.EqualTo(finishReason));
        await AssertChargedAsync(done);
    }

    [Test]
    public async Task Json_IsAskedForInASystemText()
    {
        var reply = JsonElement.Parse(await PostAsync(new { model = TestPrices.Claude, prompt = """{"a":1}""", systemPrompt = "Be brief.", options = new { responseFormat = "json" } }));

        Assert.That(JsonElement.Parse(reply.GetProperty("content").GetString()!).GetProperty("a").GetInt32(), Is.EqualTo(1));
        Assert.That(LastRequest.GetProperty("system").GetRawText(), Does.Contain("Be brief.").And.Contain("JSON"));
        await AssertChargedAsync(reply);
    }

    private JsonElement LastRequest => _stage.Inner.StandIn.Requests.All[^1].Json;

    private static List<(string Type, JsonElement Json)> EventsOf(string stream) =>
    [
        .. stream.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
            .Select(each => each.Split('\n'))
            .Select(lines => (lines[0]["event: ".Length..], JsonElement.Parse(lines[1]["data: ".Length..]))),
    ];

    private async Task<string> PostAsync(object body)
    {
        using var reply = await _http.PostAsJsonAsync(new Uri("api/v1/ai/generate", UriKind.Relative), body);
        return await reply.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
    }

    private async Task AssertChargedAsync(JsonElement reply)
    {
        var usage = reply.GetProperty("usage");
        var cost = (usage.GetProperty("promptTokens").GetInt64() * InputUsd) + (usage.GetProperty("completionTokens").GetInt64() * OutputUsd);
        var row = await _stage.Inner.Ledger.SettledRowAsync(reply.GetProperty("id").GetString()!);
        Assert.That((row.CostUsd, reply.GetProperty("costUsd").GetDecimal(), row.UsageSource), Is.EqualTo((cost, cost, "provider")));
        Assert.That((await _stage.Inner.Ledger.VerifyAsync()).Balanced, Is.True);
    }
}
