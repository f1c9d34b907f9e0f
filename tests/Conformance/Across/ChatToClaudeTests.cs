using System.Text.Json;
using AiGateway.Conformance.Tests.Messages;

namespace AiGateway.Conformance.Tests.Across;

/// <summary>OpenAI's official client with a Claude model at a provider of Anthropic's wire.</summary>
internal sealed class ChatToClaudeTests
{
    private const string Agent = "tool-calls=2;tool-turns=5 Weather and time?";
    private MessagesGateway _stage = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _stage = await MessagesGateway.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await _stage.DisposeAsync();

    [SetUp]
    public void ForgetRequests() => _stage.Inner.StandIn.Requests.Clear();

    [TestCase("Hello Claude, Gr\u00fc\u00dfe \u4e16\u754c", "Hello Claude, Gr\u00fc\u00dfe \u4e16\u754c", 0)]
    [TestCase("usage=100:20;cached=40 Hello", "Hello", 40)]
    public async Task Plain_HasTheTextAndTheUsage(string text, string expected, int cached)
    {
        var completion = await RunAsync("acrossPlain", new { text });

        var (choice, usage) = (completion.GetProperty("choices")[0], completion.GetProperty("usage"));
        Assert.That(choice.GetProperty("message").GetProperty("content").GetString(), Is.EqualTo(expected));
        Assert.That(choice.GetProperty("finish_reason").GetString(), Is.EqualTo("stop"));
        Assert.That(usage.GetProperty("prompt_tokens_details").GetProperty("cached_tokens").GetInt32(), Is.EqualTo(cached));
        await AssertChargedAsync(AcrossCost.OfCompletion(usage));
    }

    [Test]
    public async Task Plain_AboveItsLimit_EndsWithLength()
    {
        var completion = await RunAsync("acrossPlain", new { text = "chunks=9", body = new { max_tokens = 3 } });

        var choice = completion.GetProperty("choices")[0];
        Assert.That(choice.GetProperty("finish_reason").GetString(), Is.EqualTo("length"));
        Assert.That(choice.GetProperty("message").GetProperty("content").GetString(), Is.EqualTo("one two three"));
        await AssertChargedAsync(AcrossCost.OfCompletion(completion.GetProperty("usage")));
    }

    [Test]
    public async Task Streamed_HasEachPieceAndTheUsage()
    {
        var seen = await RunAsync("acrossStream", new { text = "chunks=5", withUsage = true });

        var (chunks, final) = (seen.GetProperty("chunks").EnumerateArray().ToList(), seen.GetProperty("final"));
        Assert.That(TextOf(final), Is.EqualTo("one two three four five"));
        Assert.That(chunks.SelectMany(chunk => chunk.GetProperty("choices").EnumerateArray()).Select(ContentOf).Where(text => text.Length > 0).Count(), Is.EqualTo(5));
        Assert.That(chunks[^1].GetProperty("choices").GetArrayLength(), Is.Zero);
        await AssertChargedAsync(AcrossCost.OfCompletion(chunks[^1].GetProperty("usage")));
    }

    [Test]
    public async Task Streamed_WithoutUsage_ShowsNone()
    {
        var seen = await RunAsync("acrossStream", new { text = "chunks=5" });

        var chunks = seen.GetProperty("chunks").EnumerateArray().ToList();
        Assert.That(chunks.Exists(chunk => chunk.TryGetProperty("usage", out var usage) && usage.ValueKind == JsonValueKind.Object), Is.False);
        Assert.That((await _stage.Inner.Ledger.SettledRowsAsync())[0].CompletionTokens, Is.EqualTo(5));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Tools_InParallel_HaveTheirOwnIdsAndArguments(bool isStream)
    {
        var seen = isStream
            ? await RunAsync("acrossStream", new { text = "tool-calls=2 Weather and time?", withTools = true, withUsage = true })
            : await RunAsync("acrossTools", new { text = "tool-calls=2 Weather and time?" });

        var completion = isStream ? seen.GetProperty("final") : seen;
        var choice = completion.GetProperty("choices")[0];
        var calls = choice.GetProperty("message").GetProperty("tool_calls").EnumerateArray().ToList();
        Assert.That(choice.GetProperty("finish_reason").GetString(), Is.EqualTo("tool_calls"));
        Assert.That(calls.Select(call => call.GetProperty("id").GetString()), Is.Unique.And.All.Not.Empty);
        Assert.That(
            calls.Select(call => (call.GetProperty("function").GetProperty("name").GetString(), call.GetProperty("function").GetProperty("arguments").GetString())),
            Is.EqualTo(new[] { ("get_weather", """{"place":"sample"}"""), ("get_time", """{"zone":"sample"}""") }));
        await AssertChargedAsync(AcrossCost.OfCompletion(isStream ? seen.GetProperty("chunks").EnumerateArray().Last().GetProperty("usage") : completion.GetProperty("usage")));
    }

    [Test]
    public async Task Schema_IsAnsweredInItsForm()
    {
        var completion = await RunAsync("acrossParse");

        var parsed = completion.GetProperty("choices")[0].GetProperty("message").GetProperty("parsed");
        Assert.That((parsed.GetProperty("title").GetString(), parsed.GetProperty("year").GetInt32()), Is.EqualTo(("sample", 7)));
        await AssertChargedAsync(AcrossCost.OfCompletion(completion.GetProperty("usage")));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Agent_CallsToolsInFiveTurnsAndEndsWithText(bool stream)
    {
        var before = (await _stage.Inner.Ledger.SettledRowsAsync()).Count;
        var seen = await RunAsync("acrossAgent", new { text = Agent, stream });

        var rows = await _stage.Inner.Ledger.SettledRowsAsync();
        Assert.That(seen.GetProperty("final").GetString(), Is.EqualTo("result 10"));
        Assert.That(seen.GetProperty("calls").GetArrayLength(), Is.EqualTo(10));
        Assert.That(rows, Has.Count.EqualTo(before + 6));
        Assert.That(rows.Take(6).Sum(row => row.CostUsd), Is.EqualTo(AcrossCost.OfCompletion(seen.GetProperty("usage"))));
        Assert.That(_stage.Inner.StandIn.Requests.All.Select(request => request.Path), Is.All.EqualTo("/v1/messages").And.Exactly(6).Items);
    }

    private static string TextOf(JsonElement completion) => completion.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!;

    private static string ContentOf(JsonElement choice) =>
        choice.GetProperty("delta").TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.String ? content.GetString()! : "";

    private async Task<JsonElement> RunAsync(string scenario, object? args = null)
    {
        var result = await Sdk.Js.RunAsync(scenario, _stage.Inner.Gateway, args);
        Assert.That(result.Error, Is.Null);
        return result.Value;
    }

    private async Task AssertChargedAsync(decimal cost)
    {
        var row = (await _stage.Inner.Ledger.SettledRowsAsync())[0];
        Assert.That((row.CostUsd, row.UsageSource), Is.EqualTo((cost, "provider")));
        Assert.That((await _stage.Inner.Ledger.VerifyAsync()).Balanced, Is.True);
    }
}
