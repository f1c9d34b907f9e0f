using System.Text.Json;
using AiGateway.Conformance.Tests.Hosting;
using AiGateway.Conformance.Tests.Messages;

namespace AiGateway.Conformance.Tests.Across;

/// <summary>Failures with a model of the other wire: the client raises what it raises with a model of its own.</summary>
internal sealed class AcrossErrorTests
{
    private const int Pieces = 12;

    // Start, ping, block start, the pieces, block stop, delta, stop.
    private const int MessageEvents = Pieces + 6;

    // Role, the pieces, finish reason, usage, [DONE].
    private const int ChatEvents = Pieces + 4;

    private MessagesGateway _stage = null!;
    private long _requests;
    private int _rows;

    [OneTimeSetUp]
    public async Task StartAsync() => _stage = await MessagesGateway.StartAsync(("AI_GATEWAY_UNKNOWN_OUTCOME", "prompt"));

    [OneTimeTearDown]
    public async Task StopAsync() => await _stage.DisposeAsync();

    [SetUp]
    public async Task CountAsync() => (_requests, _rows) = (_stage.Inner.StandIn.Requests.Count, (await _stage.Inner.Ledger.SettledRowsAsync()).Count);

    [TestCase("""{"temperature":0.5}""", "temperature")]
    [TestCase("""{"logit_bias":{"1":5}}""", "logit_bias")]
    [TestCase("""{"n":2}""", "n")]
    public async Task Completion_WithARefusedMember_RaisesBadRequestBeforeTheCall(string members, string field)
    {
        var body = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(members)!;
        body["model"] = JsonSerializer.SerializeToElement(TestPrices.StrictClaude);
        var result = await Sdk.Js.RunAsync("acrossPlain", _stage.Inner.Gateway, new { text = "Hello", body });

        Assert.That((result.Error?.Name, result.Error?.Status, result.Error?.Param, result.Tries), Is.EqualTo(("BadRequestError", (int?)400, field, 1)));
        await AssertRecordedAsync(0);
    }

    [Test]
    public async Task Message_WithARefusedMember_RaisesBadRequestBeforeTheCall()
    {
        var result = await Sdk.Js.RunAsync("acrossMessage", _stage.Gateway, new { text = "Hello", body = new { stop_sequences = new[] { "1", "2", "3", "4", "5" } } });

        Assert.That((result.Error?.Name, result.Error?.Status, result.Error?.Type), Is.EqualTo(("BadRequestError", (int?)400, "invalid_request_error")));
        Assert.That(result.Error!.Message, Does.Contain("stop_sequences"));
        await AssertRecordedAsync(0);
    }

    [Test]
    public async Task Completion_WhenTheProviderIsOverloaded_RaisesAfterARetry()
    {
        var result = await Sdk.Js.RunAsync("acrossPlain", _stage.Inner.Gateway, new { text = "fault:status=529", maxRetries = 1 });

        Assert.That((result.Error?.Name, result.Error?.Status, result.Tries), Is.EqualTo(("InternalServerError", (int?)502, 2)));
        await AssertRecordedAsync(2);
    }

    [Test]
    public async Task Message_WhenTheProviderIsOverloaded_RaisesAfterARetry()
    {
        var result = await Sdk.Js.RunAsync("acrossMessage", _stage.Gateway, new { text = "fault:status=503", maxRetries = 1 });

        Assert.That((result.Error?.Name, result.Error?.Status, result.Tries), Is.EqualTo(("InternalServerError", (int?)502, 2)));
        await AssertRecordedAsync(2);
    }

    // A message is complete with its stop reason.
    [TestCase("cut-after", MessageEvents - 1)]
    [TestCase("cut-mid", MessageEvents)]
    [TestCase("end-after", Pieces + 3)]
    [TestCase("error-event-after", MessageEvents - 1)]
    public Task Completion_WhoseStreamEndsTooSoon_RaisesAndIsRecordedOnce(string fault, int last) => AssertEachRaisesAsync(
        last, k => Sdk.Js.RunAsync("streamToEnd", _stage.Inner.Gateway, new { text = $"fault:{fault}={k};chunks={Pieces}", maxRetries = 0, more = new { model = TestPrices.Claude } }));

    [TestCase("cut-after", ChatEvents - 1)]
    [TestCase("cut-mid", ChatEvents)]
    [TestCase("end-after", Pieces + 1)]
    [TestCase("error-event-after", ChatEvents - 1)]
    public Task Message_WhoseStreamEndsTooSoon_RaisesAndIsRecordedOnce(string fault, int last) => AssertEachRaisesAsync(
        last, k => Sdk.Js.RunAsync("messageToEnd", _stage.Gateway, new { text = $"fault:{fault}={k};chunks={Pieces}", maxRetries = 0, more = new { model = TestPrices.Plain } }));

    private async Task AssertEachRaisesAsync(int last, Func<int, Task<SdkResult>> runAsync)
    {
        for (var k = 1; k <= last; k++)
        {
            var seen = (await runAsync(k)).Value;
            var error = seen.GetProperty("error");
            Assert.That(error.ValueKind, Is.EqualTo(JsonValueKind.Object), $"event {k}: silently short: {seen}");
            if (error.TryGetProperty("isOpenAI", out var isOpenAi)) Assert.That(isOpenAi.GetBoolean(), Is.True, $"event {k}: {error}");
        }

        await AssertRecordedAsync(last);
    }

    private async Task AssertRecordedAsync(int requests)
    {
        Assert.That(await _stage.Inner.Ledger.SettledRowsAsync(), Has.Count.EqualTo(_rows + requests));
        Assert.That(_stage.Inner.StandIn.Requests.Count, Is.EqualTo(_requests + requests));
        var found = await _stage.Inner.Ledger.VerifyAsync();
        Assert.That((found.Balanced, found.Held), Is.EqualTo((true, 0L)));
    }
}
