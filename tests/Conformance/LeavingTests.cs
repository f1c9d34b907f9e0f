using System.Text.Json;
using AiGateway.Conformance.Tests.Hosting;
using AiGateway.StandIn.Requests;

namespace AiGateway.Conformance.Tests;

/// <summary>A client leaves in the middle of a stream. The gateway leaves the provider within a second and charges what was delivered.</summary>
internal sealed class LeavingTests
{
    private const int Pieces = 50;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private StandInGateway _stage = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _stage = await StandInGateway.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await _stage.DisposeAsync();

    [Test]
    public async Task Stream_WhenTheClientLeavesAfterAnyPiece_IsChargedTheDeliveredPieces()
    {
        var before = (await _stage.Ledger.SettledRowsAsync()).Count;
        for (var k = 1; k <= Pieces; k++)
        {
            // The provider sends the role and k pieces, and then stops. The client can have received exactly k pieces.
            var (seen, upstream) = await LeaveAsync($"fault:stall-after={k + 1};chunks={Pieces}", k);

            var row = await _stage.Ledger.SettledRowAsync(seen.GetProperty("requestId").GetString()!);
            Assert.That((row.CompletionTokens, row.UsageSource, row.Status), Is.EqualTo(((long)k, "counted", "settled")), $"after {k} pieces");
            Assert.That(row.ErrorCode, Is.EqualTo("client_closed_request"));
            Assert.That(upstream.EventsSent, Is.EqualTo(k + 1));
        }

        await AssertNothingHeldAsync(before + Pieces);
    }

    [Test]
    public async Task Stream_WhenTheClientLeavesWhilePiecesCome_IsChargedNoMoreThanWasSent([Values(1, 10, 25, 40)] int k)
    {
        var before = (await _stage.Ledger.SettledRowsAsync()).Count;
        var (seen, upstream) = await LeaveAsync($"chunks={Pieces};gap-ms=15", k);

        var row = await _stage.Ledger.SettledRowAsync(seen.GetProperty("requestId").GetString()!);
        Assert.That(row.CompletionTokens, Is.InRange(k, upstream.EventsSent));
        Assert.That(upstream.EventsSent, Is.LessThan(Pieces));
        await AssertNothingHeldAsync(before + 1);
    }

    [Test]
    public async Task Stream_WhenTheClientLeavesBeforeTheFirstEvent_IsChargedThePrompt()
    {
        var before = (await _stage.Ledger.SettledRowsAsync()).Count;
        _stage.StandIn.Requests.Clear();
        var result = await Sdk.Js.RunAsync("leaveBeforeAnswer", _stage.Gateway, new { text = "fault:hang", afterMs = 300 });

        Assert.That(result.Error!.Name, Is.EqualTo("APIUserAbortError"));
        var upstream = await _stage.StandIn.Requests.WaitForAsync(_ => true, Patience, TimeProvider.System);
        await upstream.ClientLeft.WaitAsync(Patience, TimeProvider.System);
        var row = (await _stage.Ledger.SettledRowsAsync())[0];
        Assert.That(
            (row.Status, row.UsageSource, row.CompletionTokens, row.ErrorCode),
            Is.EqualTo(("settled", "counted", 0L, "client_closed_request")));
        Assert.That(row.CostUsd, Is.Positive);
        await AssertNothingHeldAsync(before + 1);
    }

    private async Task<(JsonElement Seen, RecordedRequest Upstream)> LeaveAsync(string text, int pieces)
    {
        _stage.StandIn.Requests.Clear();
        var seen = (await Sdk.Js.RunAsync("streamAndLeave", _stage.Gateway, new { text, pieces })).Value;
        Assert.That(seen.GetProperty("pieces").GetInt32(), Is.EqualTo(pieces));

        var upstream = _stage.StandIn.Requests.All.Single();
        var closedAt = await upstream.ClientLeft.WaitAsync(Patience, TimeProvider.System);
        Assert.That(closedAt - seen.GetProperty("leftAt").GetDateTimeOffset(), Is.LessThan(TimeSpan.FromSeconds(1)));
        await upstream.Ended.WaitAsync(Patience, TimeProvider.System);
        return (seen, upstream);
    }

    private async Task AssertNothingHeldAsync(int rows)
    {
        Assert.That(await _stage.Ledger.SettledRowsAsync(), Has.Count.EqualTo(rows));
        var found = await _stage.Ledger.VerifyAsync();
        Assert.That((found.Balanced, found.Held), Is.EqualTo((true, 0L)));
    }
}
