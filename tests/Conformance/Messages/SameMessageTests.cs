using AiGateway.Conformance.Tests.Hosting;

namespace AiGateway.Conformance.Tests.Messages;

/// <summary>Anthropic's official client: base URL and key change, and nothing else. Each scenario gives the same result with and without the gateway.</summary>
internal sealed class SameMessageTests
{
    private const decimal InputUsd = 0.000002m;
    private const decimal CachedUsd = 0.0000002m;
    private const decimal WriteUsd = 0.0000025m;
    private const decimal LongWriteUsd = 0.000004m;
    private const decimal OutputUsd = 0.00001m;
    private MessagesGateway _stage = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _stage = await MessagesGateway.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await _stage.DisposeAsync();

    [TestCase("messagePlain")]
    [TestCase("messageLimited")]
    [TestCase("messageCached")]
    [TestCase("messageTools")]
    [TestCase("messageToolsInParallel")]
    [TestCase("messageToolNone")]
    [TestCase("messageToolForced")]
    [TestCase("messageThinking")]
    [TestCase("messageAdaptive")]
    [TestCase("messageImage")]
    [TestCase("messageSchema")]
    [TestCase("messageStreamed")]
    [TestCase("messageToolsStreamed")]
    [TestCase("messageThinkingStreamed")]
    [TestCase("messageHelper")]
    [TestCase("messageLoop")]
    [TestCase("messageCount")]
    public async Task Scenario_ThroughTheGateway_GivesTheDirectCallsResult(string scenario)
    {
        var direct = await Sdk.Js.RunAsync(scenario, _stage.Direct);
        var through = await Sdk.Js.RunAsync(scenario, _stage.Gateway);

        Assert.That(direct.Error, Is.Null, "the direct call");
        Assert.That(through.Error, Is.Null, "the call through the gateway");
        Assert.That(Comparable.Of(through.Value), Is.EqualTo(Comparable.Of(direct.Value)));
        Assert.That(through.Tries, Is.EqualTo(direct.Tries));
    }

    [TestCase("messagePlain")]
    [TestCase("messageCached")]
    public async Task Cost_OfAMessage_IsItsUsageAtTheirPrices(string scenario)
    {
        var before = (await _stage.Inner.Ledger.SettledRowsAsync()).Count;
        var usage = (await Sdk.Js.RunAsync(scenario, _stage.Gateway)).Value.GetProperty("usage");

        var rows = await _stage.Inner.Ledger.SettledRowsAsync();
        var writes = usage.GetProperty("cache_creation");
        var cost = (usage.GetProperty("input_tokens").GetInt64() * InputUsd)
            + (usage.GetProperty("cache_read_input_tokens").GetInt64() * CachedUsd)
            + (writes.GetProperty("ephemeral_5m_input_tokens").GetInt64() * WriteUsd)
            + (writes.GetProperty("ephemeral_1h_input_tokens").GetInt64() * LongWriteUsd)
            + (usage.GetProperty("output_tokens").GetInt64() * OutputUsd);
        Assert.That(rows, Has.Count.EqualTo(before + 1));
        Assert.That(rows[0].CostUsd, Is.EqualTo(cost));
        Assert.That((await _stage.Inner.Ledger.VerifyAsync()).Balanced, Is.True);
    }

    [Test]
    public async Task Request_ReachesTheProviderByteForByteWithTheClientsHeaders()
    {
        await Sdk.Js.RunAsync("messagePlain", _stage.Direct);
        await Sdk.Js.RunAsync("messagePlain", _stage.Gateway);

        var (direct, through) = (_stage.Inner.StandIn.Requests.All[^2], _stage.Inner.StandIn.Requests.All[^1]);
        Assert.That(through.Body.ToArray(), Is.EqualTo(direct.Body.ToArray()));
        Assert.That(through.Headers["anthropic-version"], Is.EqualTo(direct.Headers["anthropic-version"]));
    }

    [TestCase(1)]
    [TestCase(1000)]
    public async Task Models_InPagesOfAnySize_AreTheGatewaysOwn(int limit)
    {
        var listed = (await Sdk.Js.RunAsync("messageModels", _stage.Gateway, new { limit })).Value.EnumerateArray().ToList();
        var one = (await Sdk.Js.RunAsync("messageModel", _stage.Gateway, new { model = TestPrices.Claude })).Value;

        Assert.That(listed.Select(model => model.GetProperty("id").GetString()), Is.Unique.And.Member(TestPrices.Claude));
        Assert.That(one.GetProperty("type").GetString(), Is.EqualTo("model"));
        Assert.That(one.GetProperty("max_input_tokens").GetInt64(), Is.EqualTo(1_000_000));
    }
}
