using System.Text.Json;
using AiGateway.Api.Tests.Hosting;
using AiGateway.Application.Pricing;
using AiGateway.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace AiGateway.Api.Tests.Charges;

/// <summary>
/// A Claude model at the native API: replies plain, streamed and cut, and their charges to the nano-dollar. The prices are
/// the built-in ones of claude-opus-5-5, in dollars a million tokens: input 4, read 0.20, written 5 and 8, output 20.
/// </summary>
/// <param name="policy">What an unknown outcome is charged.</param>
[TestFixture("held")]
[TestFixture("prompt")]
internal sealed class AnthropicChargeTests(string policy)
{
    // 5 new, 695 read, 100 written for five minutes and 200 for an hour.
    private const long PromptNanoUsd = (5 * 4_000) + (695 * 200) + (100 * 5_000) + (200 * 8_000);
    private const long OutputNanoUsd = 20_000;
    private const string Model = "claude-opus-5-5";

    // As long as the provider says: a byte is at most one token.
    private static readonly string Prompt = new('a', 1_000);

    private ScriptedProvider _provider = null!;
    private GatewayHost _gateway = null!;
    private TestUser _user = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _provider = await ScriptedProvider.StartAsync(AnthropicAnswers.Server);
        _gateway = await GatewayHost.StartAsync(
            null,
            ("OPENAI_API_KEY", ""),
            ("OPENAI_BASE_URL", ""),
            ("OPENAI_MODEL", Model),
            ("AI_GATEWAY_UNKNOWN_OUTCOME", policy),
            ("Providers:0:name", "claude"),
            ("Providers:0:preset", "anthropic"),
            ("Providers:0:baseUrl", _provider.Address.AbsoluteUri),
            ("Providers:0:apiKey", "sk-ant-test"));
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _gateway.DisposeAsync();
        await _provider.DisposeAsync();
    }

    [SetUp]
    public async Task CreateUserAsync()
    {
        _provider.Reset(AnthropicAnswers.Server);
        _user = await _gateway.CreateUserAsync();
    }

    // A success closes the circuit breaker, which failures of the cases would open.
    [TearDown]
    public async Task VerifyAsync()
    {
        await _gateway.Admin.VerifyAsync();
        _provider.Reset(AnthropicAnswers.Server);
        (await _gateway.Admin.GenerateAsync(Request(stream: false))).Expect(200);
    }

    [Test]
    public async Task PlainReply_IsShownAndChargedByEachClassOfTokens()
    {
        var reply = (await _user.Caller.GenerateAsync(new { prompt = Prompt, systemPrompt = "Be brief.", options = new { maxTokens = 50 } })).Expect(200);

        Assert.That(_provider.Seen[^1].Body, Is.EqualTo($$"""{"model":"claude-opus-5-5","max_tokens":50,"system":[{"type":"text","text":"Be brief."}],"messages":[{"role":"user","content":"{{Prompt}}"}]}"""));
        Assert.That(
            (reply.Json.GetProperty("content").GetString(), reply.Json.GetProperty("finishReason").GetString()),
            Is.EqualTo(("Hello there.", "stop")));
        await AssertWholeAsync();
    }

    [Test]
    public async Task StreamedReply_IsShownAndChargedAlike()
    {
        var reply = await StreamAsync();

        Assert.That(reply.Text, Does.Contain("\"content\":\"Hello\"").And.Contain("\"content\":\" there.\"").And.Not.Contain("Let me see"));
        Assert.That(reply.Text, Does.Contain("event: done").And.Contain("\"costUsd\":0.002499"));
        await AssertWholeAsync();
    }

    [Test]
    public async Task Surcharge_ThatRan_IsChargedThoughItWasNotRequested()
    {
        _provider.Answer = AnthropicAnswers.Json(AnthropicAnswers.Message.Replace("\"inference_geo\":\"global\"", "\"inference_geo\":\"us\"", StringComparison.Ordinal));

        (await _user.Caller.GenerateAsync(Request(stream: false))).Expect(200);

        Assert.That(CostOf(await RecordAsync()), Is.EqualTo((PromptNanoUsd + (12 * OutputNanoUsd)) * 110 / 100));
    }

    private static IEnumerable<int> Cuts() => Enumerable.Range(0, AnthropicAnswers.Events.Count);

    [TestCaseSource(nameof(Cuts))]
    public async Task Stream_CutAfterAnEvent_EndsWithAnErrorAndOneCharge(int events)
    {
        _provider.Answer = AnthropicAnswers.Stream(AnthropicAnswers.Events.Take(events));
        var isWhole = events == AnthropicAnswers.Events.Count - 1;

        var reply = await StreamAsync();

        // Before the first text for the client, the failure has a status of its own.
        var hasOutput = events >= 8;
        Assert.That(reply.Status, Is.EqualTo(hasOutput ? 200 : 502), reply.Text);
        Assert.That(reply.Text.Contains("event: done", StringComparison.Ordinal), Is.EqualTo(isWhole));
        if (hasOutput) Assert.That(reply.Text.Contains("event: error", StringComparison.Ordinal), Is.Not.EqualTo(isWhole));
        var record = await RecordAsync();
        if (isWhole)
        {
            Assert.That(CostOf(record), Is.EqualTo(PromptNanoUsd + (12 * OutputNanoUsd)));
            return;
        }

        Assert.That(record.GetProperty("status").GetString(), Is.EqualTo("unknown"));
        Assert.That(CostOf(record), Is.EqualTo(policy == "held" ? NanoUsd(record, "heldUsd") : CountedUpTo(events, record)));
    }

    [TestCase("overloaded_error", 2, true)]
    [TestCase("overloaded_error", 9, false)]
    public async Task Error_WithinAStream_IsFreeOnlyBeforeTheOutput(string type, int after, bool isFree)
    {
        _provider.Answer = AnthropicAnswers.Stream(AnthropicAnswers.Events.Take(after).Append(AnthropicAnswers.ErrorBody(type, "Overloaded")));

        var reply = await StreamAsync();

        Assert.That(reply.Text, Does.Contain("Overloaded"));
        var record = await RecordAsync();
        Assert.That((record.GetProperty("status").GetString(), CostOf(record) == 0), Is.EqualTo((isFree ? "released" : "unknown", isFree)));
    }

    [Test]
    public async Task Stream_LeftAfterItsTextBegan_IsChargedTheReportedPromptAndTheCountedText()
    {
        _provider.Answer = AnthropicAnswers.Stream(AnthropicAnswers.Events.Take(9), StreamEnd.Silent);

        await LeaveAfterAsync(" there.");

        var record = await RecordAsync();
        Assert.That((record.GetProperty("status").GetString(), record.GetProperty("errorCode").GetString()), Is.EqualTo(("settled", "client_closed_request")));
        Assert.That(CostOf(record), Is.EqualTo(CountedUpTo(9, record)));
    }

    [Test]
    public async Task Request_ThatTheModelRefuses_IsRefusedWithoutAHold()
    {
        var reply = (await _user.Caller.GenerateAsync(new { prompt = "Hi", options = new { temperature = 0.2 } })).Expect(400, "invalid_request");

        Assert.That(reply.Text, Does.Contain("options.temperature"));
        Assert.That(await _user.Caller.UsageAsync(), Is.Empty);
        Assert.That(_provider.Seen, Is.Empty);
    }

    [Test]
    public async Task Failure_OfTheProvider_IsReleasedAndToldInItsWords()
    {
        _provider.Answer = AnthropicAnswers.Error(529, "overloaded_error", "Overloaded");

        var reply = (await _user.Caller.GenerateAsync(Request(stream: false))).Expect(502, "provider_failed");

        Assert.That(reply.Json.GetProperty("detail").GetString(), Does.EndWith("Overloaded"));
        Assert.That((await RecordAsync()).GetProperty("status").GetString(), Is.EqualTo("released"));
    }

    // The prompt is reported with the first event. The text is counted as the ledger counts it.
    private long CountedUpTo(int events, JsonElement record)
    {
        var texts = AnthropicAnswers.Events.Take(events).Select(TextOf).OfType<string>().ToArray();
        var counted = Math.Max(texts.Length, _gateway.Services.GetRequiredService<ITokenCounter>().CountText(Model, string.Concat(texts)));
        var output = OutputNanoUsd * counted;
        return events == 0 ? (4_000 * record.GetProperty("promptTokens").GetInt64()) + output : PromptNanoUsd + output;
    }

    private static string? TextOf(string json)
    {
        var read = JsonElement.Parse(json);
        if (!read.TryGetProperty("delta", out var delta)) return null;
        return delta.TryGetProperty("text", out var text) || delta.TryGetProperty("thinking", out text) ? text.GetString() : null;
    }

    private async Task AssertWholeAsync()
    {
        var record = await RecordAsync();
        Assert.Multiple(() =>
        {
            Assert.That((record.GetProperty("status").GetString(), record.GetProperty("usageSource").GetString()), Is.EqualTo(("settled", "provider")));
            Assert.That((record.GetProperty("promptTokens").GetInt64(), record.GetProperty("completionTokens").GetInt64()), Is.EqualTo((1000L, 12L)));
            Assert.That(CostOf(record), Is.EqualTo(PromptNanoUsd + (12 * OutputNanoUsd)));
        });
    }

    private Task<Reply> StreamAsync() => _user.Caller.GenerateAsync(Request(stream: true));

    private static object Request(bool stream) => new { prompt = Prompt, stream, options = new { maxTokens = 50 } };

    private async Task LeaveAfterAsync(string text)
    {
        using var http = new HttpClient();
        using var request = _user.Caller.Request(HttpMethod.Post, "/api/v1/ai/generate");
        request.Content = new StringContent(JsonSerializer.Serialize(Request(stream: true)), System.Text.Encoding.UTF8, "application/json");
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        while (await reader.ReadLineAsync() is { } line && !line.Contains(text, StringComparison.Ordinal))
        {
        }
    }

    private async Task<JsonElement> RecordAsync() => (await Eventually.GetAsync(
        () => _user.Caller.UsageAsync(), rows => rows.Count > 0 && rows.All(row => row.GetProperty("status").GetString() != "held"))).Single();

    private static long CostOf(JsonElement record) => NanoUsd(record, "costUsd");

    private static long NanoUsd(JsonElement record, string name) => (long)(record.GetProperty(name).GetDecimal() * 1_000_000_000m);
}
