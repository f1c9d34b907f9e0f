using System.Text.Json;
using AiGateway.Conformance.Tests.Hosting;

namespace AiGateway.Conformance.Tests;

/// <summary>The usage records equal the provider's usage. Where a provider reports none, they equal what it would have reported.</summary>
internal sealed class ChargedUsageTests
{
    private StandInGateway _stage = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _stage = await StandInGateway.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await _stage.DisposeAsync();

    [Test]
    public async Task Plain_WhenUsageHasParts_IsChargedByPart()
    {
        var reply = await Sdk.Js.RunAsync("chatWithHeaders", _stage.Gateway, new { text = "usage=1000:500;cached=400;reasoning=100 Hi" });

        var row = await RowOfAsync(reply);
        Assert.That((row.PromptTokens, row.CachedPromptTokens, row.CompletionTokens, row.ReasoningTokens), Is.EqualTo((1000, 400, 500, 100)));

        // 600 x 2.00 + 400 x 0.50 + 500 x 8.00 dollars a million.
        Assert.That(row.CostUsd, Is.EqualTo(0.0054m));
        Assert.That(row.UsageSource, Is.EqualTo("provider"));
    }

    [TestCase("Grüße an 世界 🙂, and some more words to count.")]
    [TestCase("fault:no-usage Grüße an 世界 🙂, and some more words to count.")]
    public async Task Plain_WithOrWithoutUsage_IsChargedAsTheTokenizerCounts(string text)
    {
        var told = await Sdk.Js.RunAsync("chatWithHeaders", _stage.Direct, new { text = "Grüße an 世界 🙂, and some more words to count." });
        var counted = await Sdk.Js.RunAsync("chatWithHeaders", _stage.Gateway, new { text });

        var usage = told.Value.GetProperty("data").GetProperty("usage");
        var row = await RowOfAsync(counted);
        var ofTheWord = text.StartsWith("fault:", StringComparison.Ordinal) ? await PromptTokensAsync(text) : usage.GetProperty("prompt_tokens").GetInt64();
        Assert.That(row.CompletionTokens, Is.EqualTo(usage.GetProperty("completion_tokens").GetInt64()));
        Assert.That(row.PromptTokens, Is.EqualTo(ofTheWord));
        Assert.That(row.UsageSource, Is.EqualTo(text.StartsWith("fault:", StringComparison.Ordinal) ? "counted" : "provider"));
    }

    [Test]
    public async Task Stream_WhenTheProviderReportsNoUsage_IsCounted()
    {
        var seen = await Sdk.Js.RunAsync("streamToEnd", _stage.Gateway, new { text = "fault:no-usage;chunks=37" });

        Assert.That(seen.Value.GetProperty("error").ValueKind, Is.EqualTo(JsonValueKind.Null));
        var row = await _stage.Ledger.SettledRowAsync(seen.Value.GetProperty("requestId").GetString()!);
        Assert.That((row.UsageSource, row.CompletionTokens, row.Status), Is.EqualTo(("counted", 37L, "settled")));
        Assert.That(row.PromptTokens, Is.EqualTo(await PromptTokensAsync("fault:no-usage;chunks=37")));
    }

    [Test]
    public async Task Stream_WhenTheClientDoesNotAskForUsage_IsChargedTheProvidersUsage()
    {
        var seen = await Sdk.Js.RunAsync("streamToEnd", _stage.Gateway, new { text = "usage=11:13;cached=5 Hi" });

        var row = await _stage.Ledger.SettledRowAsync(seen.Value.GetProperty("requestId").GetString()!);
        Assert.That((row.UsageSource, row.PromptTokens, row.CompletionTokens, row.CachedPromptTokens), Is.EqualTo(("provider", 11L, 13L, 5L)));
    }

    [Test]
    public async Task Responses_PlainAndStreamed_AreChargedTheProvidersUsage()
    {
        var before = (await _stage.Ledger.SettledRowsAsync()).Count;
        await Sdk.Js.RunAsync("responseReasoning", _stage.Gateway);
        var streamed = await Sdk.Js.RunAsync("responseToEnd", _stage.Gateway, new { text = "usage=21:22;reasoning=3;cached=4" });

        var rows = await _stage.Ledger.SettledRowsAsync();
        Assert.That(rows, Has.Count.EqualTo(before + 2));
        Assert.That((rows[1].Operation, rows[1].ReasoningTokens, rows[1].CachedPromptTokens), Is.EqualTo(("responses", 32L, 3L)));
        var row = rows.Single(each => each.Id == Guid.Parse(streamed.Value.GetProperty("requestId").GetString()!));
        Assert.That(
            (row.UsageSource, row.PromptTokens, row.CompletionTokens, row.ReasoningTokens, row.CachedPromptTokens),
            Is.EqualTo(("provider", 21L, 22L, 3L, 4L)));
    }

    [Test]
    public async Task Embeddings_AreChargedTheirInput()
    {
        var before = (await _stage.Ledger.SettledRowsAsync()).Count;
        var reply = await Sdk.Js.RunAsync("embeddingsDefault", _stage.Gateway);

        var rows = await _stage.Ledger.SettledRowsAsync();
        Assert.That(rows, Has.Count.EqualTo(before + 1));
        Assert.That(rows[0].PromptTokens, Is.EqualTo(reply.Value.GetProperty("usage").GetProperty("prompt_tokens").GetInt64()));
        Assert.That((rows[0].Operation, rows[0].CompletionTokens), Is.EqualTo(("embeddings", 0L)));
    }

    [TearDown]
    public async Task BooksBalanceAsync()
    {
        var found = await _stage.Ledger.VerifyAsync();
        Assert.That((found.Balanced, found.Held), Is.EqualTo((true, 0L)));
    }

    private Task<UsageRow> RowOfAsync(SdkResult reply) => _stage.Ledger.SettledRowAsync(reply.Value.GetProperty("requestId").GetString()!);

    // The provider's own count of the prompt, from a call in which it reports its usage.
    private async Task<long> PromptTokensAsync(string text)
    {
        _stage.StandIn.Script.Enqueue(new StandIn.Replies.ReplyPlan { Text = "x" });
        var told = await Sdk.Js.RunAsync("chatWithHeaders", _stage.Direct, new { text });
        return told.Value.GetProperty("data").GetProperty("usage").GetProperty("prompt_tokens").GetInt64();
    }
}
