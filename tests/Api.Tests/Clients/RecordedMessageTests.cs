using System.Text;
using AiGateway.Api.Tests.Anthropic;
using AiGateway.Api.Tests.Hosting;
using AiGateway.Application.Providers;

namespace AiGateway.Api.Tests.Clients;

/// <summary>Requests of Anthropic's wire as client programs sent them: each passes unchanged to a provider of this wire.</summary>
internal sealed class RecordedMessageTests
{
    private MessagesGateway _stage = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _stage = await MessagesGateway.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await _stage.DisposeAsync();

    [TestCaseSource(nameof(All))]
    public async Task Request_OfAClient_PassesUnchangedAndIsHeldByItsText(Recording recording)
    {
        _stage.Provider.Reset();
        _stage.Provider.Answer = call => Task.FromResult(call.Request.Stream ? MessagesAdapter.Stream(Events()) : MessagesAdapter.Message());
        var body = recording.Body!.Value.GetRawText();

        var reply = await _stage.Caller.SendAsync(recording.ToRequest(_stage.Caller, body));

        Assert.That(reply.Status, Is.EqualTo(recording.Status), reply.Text);
        if (recording.Path.Contains("count_tokens", StringComparison.Ordinal))
        {
            Assert.That(_stage.Provider.Counted?.Body, Is.EqualTo(body));
            return;
        }

        Assert.That(_stage.Sent, Is.EqualTo(body));
        Assert.That(_stage.Request.Wire!.Headers.Select(header => header.Key), Has.Member("anthropic-version"));
        var record = (await _stage.Caller.UsageAsync("?limit=1")).Single();
        Assert.That(record.GetProperty("heldUsd").GetDecimal() * 1_000_000m, Is.InRange(3, 40_000), "not the context window");
    }

    private static IEnumerable<Recording> All() => Recording.All().Where(recording => recording.IsMessage);

    private static async IAsyncEnumerable<ReplyChunk> Events()
    {
        await Task.Yield();
        yield return new ReplyChunk { Json = Encoding.UTF8.GetBytes("""{"type":"message_stop"}"""), EventType = "message_stop" };
    }
}
