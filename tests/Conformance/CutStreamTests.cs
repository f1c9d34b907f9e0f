using System.Text.Json;
using AiGateway.Conformance.Tests.Hosting;

namespace AiGateway.Conformance.Tests;

/// <summary>A provider's stream ends too soon, at any point. The SDK raises an error, and no client takes the reply for complete.</summary>
internal sealed class CutStreamTests
{
    private const int Pieces = 50;

    // One event with the role, the pieces, one with the finish reason, one with the usage that the gateway asks for, and [DONE].
    private const int ChatEvents = Pieces + 4;

    // Eight events beside the pieces: created, in progress, item added, part added, text done, part done, item done, completed.
    private const int ResponseEvents = Pieces + 8;

    private StandInGateway _stage = null!;

    [SetUp]
    public async Task StartAsync() => _stage = await StandInGateway.StartAsync(("AI_GATEWAY_UNKNOWN_OUTCOME", "prompt"));

    [TearDown]
    public async Task StopAsync() => await _stage.DisposeAsync();

    // A stream that ends properly after its finish reason is complete.
    [TestCase("cut-after", ChatEvents - 1)]
    [TestCase("end-after", Pieces + 1)]
    [TestCase("error-event-after", ChatEvents - 1)]
    public Task Chat_WhenTheStreamEndsAfterAnyEvent_Raises(string fault, int last) => AssertEachRaisesAsync("streamToEnd", fault, 1, last);

    [TestCase("end-after=52")]
    [TestCase("end-after=53")]
    [TestCase("no-done")]
    public async Task Chat_WhenTheStreamEndsAfterItsFinishReason_IsWhole(string fault)
    {
        var seen = (await Sdk.Js.RunAsync("streamToEnd", _stage.Gateway, new { text = $"fault:{fault};chunks={Pieces}" })).Value;

        Assert.That(seen.GetProperty("error").ValueKind, Is.EqualTo(JsonValueKind.Null), $"{seen}");
    }

    [Test]
    public Task Chat_WhenTheStreamIsCutWithinAnyEvent_Raises() => AssertEachRaisesAsync("streamToEnd", "cut-mid", 1, ChatEvents);

    // An error before any output is a reply with a status, which the gateway may retry. Other tests cover it.
    [TestCase("cut-after", 1)]
    [TestCase("end-after", 1)]
    [TestCase("error-event-after", 3)]
    public Task Response_WhenTheStreamEndsAfterAnyEvent_Raises(string fault, int first) =>
        AssertEachRaisesAsync("responseToEnd", fault, first, ResponseEvents - 1);

    [Test]
    public Task Response_WhenTheStreamIsCutWithinAnyEvent_Raises() => AssertEachRaisesAsync("responseToEnd", "cut-mid", 1, ResponseEvents);

    [TestCase("streamToEnd", "malformed")]
    [TestCase("responseToEnd", "no-done")]
    [TestCase("responseToEnd", "malformed")]
    public async Task Stream_WhenItsEndIsMissingOrAnEventIsMalformed_Raises(string scenario, string fault)
    {
        // A fault before any output is a reply with a status, which the SDK would retry.
        var seen = (await Sdk.Js.RunAsync(scenario, _stage.Gateway, new { text = $"fault:{fault};chunks={Pieces}", maxRetries = 0 })).Value;

        Assert.That(seen.GetProperty("error").ValueKind, Is.EqualTo(JsonValueKind.Object), $"silently short: {seen}");
        await AssertRecordedAsync(1);
    }

    private async Task AssertEachRaisesAsync(string scenario, string fault, int first, int last)
    {
        for (var k = first; k <= last; k++)
        {
            var seen = (await Sdk.Js.RunAsync(scenario, _stage.Gateway, new { text = $"fault:{fault}={k};chunks={Pieces}", maxRetries = 0 })).Value;
            var error = seen.GetProperty("error");
            Assert.That(error.ValueKind, Is.EqualTo(JsonValueKind.Object), $"{fault}={k} is silently short: {seen}");
            Assert.That(error.GetProperty("isOpenAI").GetBoolean(), Is.True, $"{fault}={k}: {error}");
            await AssertChargedAsDeliveredAsync(seen, fault, k);
        }

        await AssertRecordedAsync(last - first + 1);
    }

    // Charged is what was delivered. A provider that reported usage before the cut reports the same number here.
    private async Task AssertChargedAsDeliveredAsync(JsonElement seen, string fault, int k)
    {
        if (seen.GetProperty("requestId").GetString() is not { } requestId) return;
        var delivered = seen.GetProperty("text").GetString()!.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;
        var row = await _stage.Ledger.SettledRowAsync(requestId);
        Assert.That(row.CompletionTokens, Is.EqualTo(delivered), $"{fault}={k}");
        Assert.That(row.ErrorCode, Is.EqualTo("provider_failed"), $"{fault}={k}");
    }

    private async Task AssertRecordedAsync(int requests)
    {
        Assert.That(await _stage.Ledger.SettledRowsAsync(), Has.Count.EqualTo(requests));
        Assert.That(_stage.StandIn.Requests.Count, Is.EqualTo(requests));
        var found = await _stage.Ledger.VerifyAsync();
        Assert.That((found.Balanced, found.Held), Is.EqualTo((true, 0L)));
    }
}
