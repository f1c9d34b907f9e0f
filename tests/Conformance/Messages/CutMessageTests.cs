using System.Text.Json;

namespace AiGateway.Conformance.Tests.Messages;

/// <summary>A stream that ends too soon, wherever that is, raises in the client; a client that leaves is charged for what came.</summary>
internal sealed class CutMessageTests
{
    private const int Pieces = 20;

    // Start, ping, block start, the pieces, block stop, delta, stop.
    private const int Events = Pieces + 6;

    private MessagesGateway _stage = null!;

    [SetUp]
    public async Task StartAsync() => _stage = await MessagesGateway.StartAsync(("AI_GATEWAY_UNKNOWN_OUTCOME", "prompt"));

    [TearDown]
    public async Task StopAsync() => await _stage.DisposeAsync();

    [TestCase("cut-after", 1, Events - 1)]
    [TestCase("cut-mid", 1, Events)]
    [TestCase("end-after", 1, Pieces + 3)]
    [TestCase("error-event-after", 1, Events - 1)]
    public async Task Stream_ThatEndsTooSoon_RaisesAndIsChargedOnce(string fault, int first, int last)
    {
        for (var k = first; k <= last; k++)
        {
            var seen = (await Sdk.Js.RunAsync("messageToEnd", _stage.Gateway, new { text = $"fault:{fault}={k};chunks={Pieces}", maxRetries = 0 })).Value;
            Assert.That(seen.GetProperty("error").ValueKind, Is.EqualTo(JsonValueKind.Object), $"{fault}={k} is silently short: {seen}");
        }

        Assert.That(await _stage.Inner.Ledger.SettledRowsAsync(), Has.Count.EqualTo(last - first + 1));
        var found = await _stage.Inner.Ledger.VerifyAsync();
        Assert.That((found.Balanced, found.Held), Is.EqualTo((true, 0L)));
    }

    [Test]
    public async Task Client_ThatLeavesAfterAnyPiece_PaysForThePiecesThatCame([Values(1, 10, 19)] int pieces)
    {
        // The provider has sent three events and the pieces, and goes on no further.
        var seen = (await Sdk.Js.RunAsync("messageAndLeave", _stage.Gateway, new { text = $"fault:stall-after={pieces + 3};chunks={Pieces}", pieces })).Value;

        var row = await _stage.Inner.Ledger.SettledRowAsync(seen.GetProperty("gatewayId").GetString()!);
        Assert.That((row.CompletionTokens, row.Status, row.ErrorCode), Is.EqualTo(((long)pieces, "settled", "client_closed_request")));
    }
}
