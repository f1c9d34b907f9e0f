using AiGateway.Conformance.Tests.Hosting;

namespace AiGateway.Conformance.Tests;

/// <summary>Each scenario gives the same result with and without the gateway. Only the base URL and the key change.</summary>
internal sealed class SameAnswerTests
{
    private StandInGateway _stage = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _stage = await StandInGateway.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await _stage.DisposeAsync();

    [TestCase("chatPlain")]
    [TestCase("chatLimited")]
    [TestCase("chatCached")]
    [TestCase("chatStreamed")]
    [TestCase("chatStreamedWithUsage")]
    [TestCase("chatStreamedWithOtherOption")]
    [TestCase("chatStreamHelper")]
    [TestCase("chatChoices")]
    [TestCase("chatChoicesStreamed")]
    [TestCase("chatLogprobs")]
    [TestCase("chatLogprobsStreamed")]
    [TestCase("chatTools")]
    [TestCase("chatToolForced")]
    [TestCase("chatToolNone")]
    [TestCase("chatToolsStreamed")]
    [TestCase("chatRunTools")]
    [TestCase("chatSchema")]
    [TestCase("chatSchemaStreamed")]
    [TestCase("chatParse")]
    [TestCase("chatVision")]
    [TestCase("chatReasoning")]
    [TestCase("chatReasoningUnlimited")]
    [TestCase("chatUnknownFields")]
    [TestCase("embeddingsFloat")]
    [TestCase("embeddingsBase64")]
    [TestCase("embeddingsDefault")]
    [TestCase("embeddingsTokens")]
    [TestCase("responsePlain")]
    [TestCase("responseReasoning")]
    [TestCase("responseItems")]
    [TestCase("responseSchema")]
    [TestCase("responseTool")]
    [TestCase("responseStreamed")]
    [TestCase("responseToolStreamed")]
    [TestCase("responseIncomplete")]
    [TestCase("responseLife")]
    public async Task Scenario_ThroughTheGateway_GivesTheDirectCallsResult(string scenario)
    {
        var direct = await Sdk.Js.RunAsync(scenario, _stage.Direct);
        var through = await Sdk.Js.RunAsync(scenario, _stage.Gateway);

        Assert.That(direct.Error, Is.Null, "the direct call succeeds");
        Assert.That(through.Error, Is.Null, "the call through the gateway succeeds");
        Assert.That(Comparable.Of(through.Value), Is.EqualTo(Comparable.Of(direct.Value)));
        Assert.That(through.Tries, Is.EqualTo(direct.Tries));
    }

    [TestCase("chatStreamed")]
    [TestCase("chatStreamedWithOtherOption")]
    [TestCase("chatChoicesStreamed")]
    public async Task Stream_WhenTheClientDoesNotAskForUsage_HasNoneInAnyChunk(string scenario)
    {
        var through = await Sdk.Js.RunAsync(scenario, _stage.Gateway);

        Assert.That(through.Value.GetRawText(), Does.Contain("finish_reason").And.Not.Contain("\"usage\""));
        Assert.That(_stage.StandIn.Requests.All[^1].Json.GetProperty("stream_options").GetProperty("include_usage").GetBoolean(), Is.True);
    }

    [Test]
    public async Task Models_ThroughTheSdk_AreTheGatewaysOwn()
    {
        var listed = await Sdk.Js.RunAsync("modelsList", _stage.Gateway);
        var names = listed.Value.EnumerateArray().Select(model => model.GetProperty("id").GetString()).ToList();
        Assert.That(names, Is.Unique.And.SupersetOf(new[] { TestPrices.Plain, TestPrices.Reasoning, TestPrices.Embedding }));

        var one = await Sdk.Js.RunAsync("modelsRetrieve", _stage.Gateway, new { model = TestPrices.Plain });
        Assert.That(one.Value.GetProperty("id").GetString(), Is.EqualTo(TestPrices.Plain));
        Assert.That(one.Value.GetProperty("object").GetString(), Is.EqualTo("model"));
        var same = listed.Value.EnumerateArray().Single(model => model.GetProperty("id").GetString() == TestPrices.Plain);
        Assert.That(one.Value.GetRawText(), Is.EqualTo(same.GetRawText()));
    }

    [Test]
    public async Task Model_WhenItIsUnknown_IsNotFound()
    {
        var missing = await Sdk.Js.RunAsync("modelsRetrieve", _stage.Gateway, new { model = "gpt-nowhere" });

        Assert.That(missing.Error, Has.Property("Name").EqualTo("NotFoundError").And.Property("Code").EqualTo("model_not_found"));
    }
}
