using System.Collections.Concurrent;
using System.Globalization;
using AiGateway.Browser.Tests.Hosting;
using AiGateway.StandIn.Replies;
using Microsoft.Playwright;

namespace AiGateway.Browser.Tests;

/// <summary>The streaming example of docs/API.md, unchanged, on the page of a front end with another origin.</summary>
internal sealed class NativeStreamTests
{
    private const string Story = """
        Once upon a time, in "Zürich", a 🦊 met <b>two</b> hens & asked:
        who keeps the ledger? "We do", said the hens, "to the last grain: every grain is counted before it is eaten."
        The fox went home hungry.
        """;

    private static readonly TimeSpan Gap = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private TaskCompletionSource<string> _error = null!;
    private ConcurrentQueue<string> _console = null!;
    private BrowserGateway _stage = null!;
    private IPage _page = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _stage = await BrowserGateway.StartAsync();
        _page = await Chromium.OpenPageAsync();
        (_error, _console) = (new(TaskCreationOptions.RunContinuationsAsynchronously), []);
        _page.PageError += (_, error) => _error.TrySetResult(error);
        _page.Console += (_, message) => _console.Enqueue(message.Text);
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _page.Context.CloseAsync();
        await _stage.DisposeAsync();
    }

    [Test]
    public async Task Example_WhenTheStreamIsComplete_ShowsTheTextAsItComesAndTheCost()
    {
        _stage.StandIn.Script.Enqueue(new ReplyPlan { Text = Story, Gap = Gap });
        await OpenExampleAsync(_stage.Allowed);

        var seen = await WatchAsync();

        Assert.That(seen, Has.Count.GreaterThan(2));
        Assert.That(seen.Where(text => !Story.StartsWith(text, StringComparison.Ordinal)), Is.Empty);
        Assert.That(seen[^1], Is.EqualTo(Story));
        var row = (await _stage.SettledRowsAsync()).Single();
        Assert.That((row.Streamed, row.Status, row.ErrorCode), Is.EqualTo((true, "settled", (string?)null)));
        Assert.That(row.CostUsd, Is.Positive);
        Assert.That(decimal.Parse(await TextAsync("#cost"), NumberStyles.Float, CultureInfo.InvariantCulture), Is.EqualTo(row.CostUsd));
    }

    [Test]
    public async Task Example_WhenTheStreamIsCut_ThrowsTheErrorOfTheEvent()
    {
        _stage.StandIn.Script.Enqueue(new ReplyPlan { Chunks = 10, CutAfter = 3 });
        await OpenExampleAsync(_stage.Allowed);

        Assert.That(await ErrorAsync(), Does.Contain("The provider openai broke off its reply."));
        Assert.That(await TextAsync("#output"), Is.EqualTo("one two"));
        Assert.That(await TextAsync("#cost"), Is.Empty);
        Assert.That((await _stage.SettledRowsAsync()).Single().ErrorCode, Is.EqualTo("provider_failed"));
    }

    [Test]
    public async Task Example_WhenTheRequestIsRefused_ThrowsTheErrorOfTheReply()
    {
        await OpenExampleAsync(_stage.Allowed, key: "agw_not_a_key");

        Assert.That(await ErrorAsync(), Does.Contain("A valid API key or token is required"));
        Assert.That(await TextAsync("#output"), Is.Empty);
    }

    [Test]
    public async Task Example_WhenTheOriginIsNotAllowed_IsRefusedByTheBrowserAndCostsNothing()
    {
        await OpenExampleAsync(_stage.Stranger);

        Assert.That(await ErrorAsync(), Does.Contain("Failed to fetch"));
        Assert.That(_console, Has.Some.Contains("CORS").And.Contains(_stage.Stranger.Origin));
        Assert.That(await TextAsync("#output"), Is.Empty);
        Assert.That(_stage.StandIn.Requests.Count, Is.Zero);
        Assert.That(await _stage.SettledRowsAsync(), Is.Empty);
    }

    private async Task OpenExampleAsync(FrontEnd frontEnd, string key = BrowserGateway.Key)
    {
        frontEnd.Serve(ApiDocument.ScriptAfter("**Streaming.**"), _stage.Gateway, key);
        await _page.GotoAsync(frontEnd.Origin);
    }

    // The provider sends a piece only when its clock moves. The clock moves only after the page was read. Several texts are therefore seen on a
    // machine of any speed.
    private async Task<List<string>> WatchAsync()
    {
        var seen = new List<string>();
        var startedAt = TimeProvider.System.GetTimestamp();
        var isDone = false;
        while (!isDone)
        {
            Assert.That(TimeProvider.System.GetElapsedTime(startedAt), Is.LessThan(Patience), $"the cost does not appear; seen: {seen.LastOrDefault()}");
            if (_error.Task.IsCompleted) Assert.Fail(await _error.Task);
            _stage.ProviderTime.Advance(Gap);
            isDone = (await TextAsync("#cost")).Length > 0;
            var text = await TextAsync("#output");
            if (text.Length > 0 && text != seen.LastOrDefault()) seen.Add(text);
        }

        return seen;
    }

    private Task<string> ErrorAsync() => _error.Task.WaitAsync(Patience, TimeProvider.System);

    private async Task<string> TextAsync(string selector) => (await _page.TextContentAsync(selector))!;
}
