using System.Text.Json;
using AiGateway.Conformance.Tests.Hosting;
using AiGateway.Conformance.Tests.Messages;

namespace AiGateway.Conformance.Tests.Across;

/// <summary>Anthropic's official client with a model at a server of OpenAI's wire.</summary>
internal sealed class MessageToGptTests
{
    private const string Agent = "tool-calls=2;tool-turns=5 Weather and time?";
    private MessagesGateway _stage = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _stage = await MessagesGateway.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await _stage.DisposeAsync();

    [SetUp]
    public void ForgetRequests() => _stage.Inner.StandIn.Requests.Clear();

    [TestCase("Hello GPT, Gr\u00fc\u00dfe \u4e16\u754c", 1000, "Hello GPT, Gr\u00fc\u00dfe \u4e16\u754c", "end_turn", 0)]
    [TestCase("usage=100:20;cached=40 Hello", 1000, "Hello", "end_turn", 40)]
    [TestCase("chunks=9", 3, "one two three", "max_tokens", 0)]
    public async Task Plain_HasTextStopReasonAndUsage(string text, int limit, string expected, string reason, int cached)
    {
        var message = await RunAsync("acrossMessage", new { text, body = new { max_tokens = limit } });

        Assert.That(TextOf(message), Is.EqualTo(expected));
        Assert.That(message.GetProperty("stop_reason").GetString(), Is.EqualTo(reason));
        Assert.That(message.GetProperty("usage").GetProperty("cache_read_input_tokens").GetInt32(), Is.EqualTo(cached));
        await AssertChargedAsync(message);
    }

    [TestCase("chunks=5", 1000, "one two three four five", "end_turn")]
    [TestCase("chunks=9", 3, "one two three", "max_tokens")]
    [TestCase("usage=100:20;cached=40 Hello", 1000, "Hello", "end_turn")]
    public async Task Streamed_IsMadeToTheWholeMessage(string text, int limit, string expected, string reason)
    {
        var seen = await RunAsync("acrossMessageStream", new { text, body = new { max_tokens = limit } });

        var (events, final) = (seen.GetProperty("events").EnumerateArray().Select(each => each.GetString()).ToList(), seen.GetProperty("final"));
        Assert.That((events[0], events[^1]), Is.EqualTo(("message_start", "message_stop")));
        Assert.That(TextOf(final), Is.EqualTo(expected));
        Assert.That(final.GetProperty("stop_reason").GetString(), Is.EqualTo(reason));
        await AssertChargedAsync(final);
    }

    [TestCase("acrossMessage", 1)]
    [TestCase("acrossMessage", 2)]
    [TestCase("acrossMessageStream", 1)]
    [TestCase("acrossMessageStream", 2)]
    public async Task Tools_HaveTheirOwnIdsAndInput(string scenario, int count)
    {
        var seen = await RunAsync(scenario, new { text = $"tool-calls={count} Weather and time?", withTools = true });

        var message = scenario == "acrossMessage" ? seen : seen.GetProperty("final");
        var calls = message.GetProperty("content").EnumerateArray().Where(block => block.GetProperty("type").GetString() == "tool_use").ToList();
        Assert.That(message.GetProperty("stop_reason").GetString(), Is.EqualTo("tool_use"));
        Assert.That(calls.Select(call => call.GetProperty("id").GetString()), Is.Unique.And.All.Not.Empty);
        Assert.That(
            calls.Select(call => (call.GetProperty("name").GetString(), call.GetProperty("input").GetRawText())),
            Is.EqualTo(new[] { ("get_weather", """{"place":"sample"}"""), ("get_time", """{"zone":"sample"}""") }.Take(count)));
        await AssertChargedAsync(message);
    }

    // The client begins with a thread, which the gateway refuses, and goes on with the whole conversation.
    [TestCase(TestPrices.Plain, false, "The tool says: result 10", "/v1/chat/completions")]
    [TestCase(TestPrices.Plain, true, "The tool says: result 10", "/v1/chat/completions")]
    [TestCase(TestPrices.Claude, false, "result 10", "/v1/messages")]
    [TestCase(TestPrices.Claude, true, "result 10", "/v1/messages")]
    public async Task Agent_CallsToolsInFiveTurnsAndEndsWithText(string model, bool stream, string final, string path)
    {
        var before = (await _stage.Inner.Ledger.SettledRowsAsync()).Count;
        var seen = await RunAsync("acrossMessageAgent", new { text = Agent, stream, model });

        var rows = await _stage.Inner.Ledger.SettledRowsAsync();
        var usage = seen.GetProperty("usage");
        Assert.That(seen.GetProperty("final")[0].GetProperty("text").GetString(), Is.EqualTo(final));
        Assert.That(seen.GetProperty("calls").GetArrayLength(), Is.EqualTo(10));
        Assert.That(
            seen.GetProperty("reasons").EnumerateArray().Select(reason => reason.GetString()),
            Is.EqualTo(Enumerable.Repeat("tool_use", 5).Append("end_turn")));
        Assert.That(rows, Has.Count.EqualTo(before + 6));
        Assert.That(
            (rows.Take(6).Sum(row => row.PromptTokens), rows.Take(6).Sum(row => row.CompletionTokens)),
            Is.EqualTo((usage.GetProperty("input").GetInt64(), usage.GetProperty("output").GetInt64())));
        Assert.That(rows.Take(6).Sum(row => row.CostUsd), Is.EqualTo(((usage.GetProperty("input").GetInt64() * 2m) + (usage.GetProperty("output").GetInt64() * (model == TestPrices.Plain ? 8m : 10m))) / 1_000_000m));
        Assert.That(_stage.Inner.StandIn.Requests.All.Select(request => request.Path), Is.All.EqualTo(path).And.Exactly(6).Items);
    }

    private static string TextOf(JsonElement message) => string.Concat(message.GetProperty("content").EnumerateArray().Select(block => block.GetProperty("text").GetString()));

    private async Task<JsonElement> RunAsync(string scenario, object args)
    {
        var result = await Sdk.Js.RunAsync(scenario, _stage.Gateway, args);
        Assert.That(result.Error, Is.Null);
        return result.Value;
    }

    private async Task AssertChargedAsync(JsonElement message)
    {
        var row = (await _stage.Inner.Ledger.SettledRowsAsync())[0];
        Assert.That((row.CostUsd, row.UsageSource), Is.EqualTo((AcrossCost.OfMessage(message.GetProperty("usage")), "provider")));
        Assert.That((await _stage.Inner.Ledger.VerifyAsync()).Balanced, Is.True);
    }
}
