using System.Text.Json;
using AiGateway.Application.AnthropicWire;
using AiGateway.Domain;

namespace AiGateway.Infrastructure.Tests.Providers.Anthropic;

[TestFixture]
internal sealed class AnthropicUsageTests
{
    [TestCase("""{"input_tokens":5,"output_tokens":7}""", 5, 7, 0, 0, 0, 0)]
    [TestCase("""{"input_tokens":5,"cache_read_input_tokens":null,"cache_creation_input_tokens":null,"output_tokens":7}""", 5, 7, 0, 0, 0, 0)]
    [TestCase("""{"input_tokens":5,"cache_read_input_tokens":695,"cache_creation_input_tokens":300,"output_tokens":7,"output_tokens_details":{"thinking_tokens":4}}""", 1000, 7, 695, 300, 4, 0)]
    [TestCase("""{"input_tokens":5,"cache_creation_input_tokens":300,"cache_creation":{"ephemeral_5m_input_tokens":100,"ephemeral_1h_input_tokens":200},"output_tokens":7}""", 305, 7, 0, 300, 0, 200)]
    [TestCase("""{"input_tokens":5,"cache_creation":{"ephemeral_5m_input_tokens":100,"ephemeral_1h_input_tokens":200},"output_tokens":7}""", 305, 7, 0, 300, 0, 200)]
    [TestCase("""{"input_tokens":0,"cache_read_input_tokens":9,"output_tokens":0}""", 9, 0, 9, 0, 0, 0)]
    [TestCase("""{"input_tokens":5,"output_tokens":7,"iterations":[{"type":"compaction","input_tokens":100,"output_tokens":20},{"type":"message","input_tokens":5,"output_tokens":7}]}""", 105, 27, 0, 0, 0, 0)]
    [TestCase("""{"input_tokens":5,"output_tokens":7,"iterations":[{"type":"advisor_message","model":"claude-opus-5","input_tokens":10,"cache_read_input_tokens":3,"output_tokens":2},{"type":"fallback_message","input_tokens":5,"output_tokens":7}]}""", 18, 9, 3, 0, 0, 0)]
    public void Usage_OfDisjointFields_IsSummed(string json, long prompt, long completion, long cached, long written, long reasoning, long written1h) =>
        Assert.That(Read(json).Whole, Is.EqualTo(new TokenUsage(prompt, completion, cached, written, reasoning, written1h)));

    [TestCase("""{"input_tokens":5}""")]
    [TestCase("""{"output_tokens":5}""")]
    [TestCase("""{"input_tokens":-1,"output_tokens":5}""")]
    [TestCase("""{"input_tokens":1.5,"output_tokens":5}""")]
    [TestCase("""{"input_tokens":"5","output_tokens":5}""")]
    [TestCase("""{"input_tokens":9000000000000000000,"output_tokens":5}""")]
    [TestCase("""{"input_tokens":5,"output_tokens":5,"output_tokens_details":{"thinking_tokens":6}}""")]
    [TestCase("[]")]
    [TestCase("null")]
    public void Usage_ThatIsImpossibleOrNotWhole_IsNone(string json) => Assert.That(Read(json).Whole, Is.Null);

    [Test]
    public void Usage_OfSeveralEvents_TakesTheLastValueThatIsNotNull()
    {
        var usage = Read(
            """{"input_tokens":43,"cache_read_input_tokens":10,"output_tokens":1}""",
            """{"input_tokens":61,"cache_read_input_tokens":null,"output_tokens":20}""",
            """{"output_tokens":25,"cache_creation":{"ephemeral_1h_input_tokens":4}}""");

        Assert.That(usage.Whole, Is.EqualTo(new TokenUsage(75, 25, 10, 4, 0, 4)));
    }

    [Test]
    public void Usage_BeforeTheOutputIsKnown_TellsTheInput() =>
        Assert.That(Read("""{"input_tokens":43,"cache_read_input_tokens":10,"output_tokens":3}""").Prompt, Is.EqualTo(new TokenUsage(53, 0, 10)));

    [Test]
    public void Usage_OfAServerThatTellsNoInputAtFirst_TellsNone() =>
        Assert.That(Read("""{"input_tokens":0,"output_tokens":0}""").Prompt, Is.Null);

    [TestCase("standard", ServiceTier.Standard)]
    [TestCase("priority", ServiceTier.Priority)]
    [TestCase("batch", ServiceTier.Standard)]
    public void Tier_IsTheOneThatRan(string told, ServiceTier tier) => Assert.That(Read($$"""{"service_tier":"{{told}}"}""").Tier, Is.EqualTo(tier));

    [TestCase("""{"inference_geo":"us","speed":"fast"}""", Surcharges.None, Surcharges.UsGeography | Surcharges.Fast)]
    [TestCase("""{"inference_geo":"global","speed":"standard"}""", Surcharges.UsGeography | Surcharges.Fast, Surcharges.None)]
    [TestCase("""{"inference_geo":"not_available"}""", Surcharges.UsGeography | Surcharges.Fast, Surcharges.Fast)]
    [TestCase("{}", Surcharges.UsGeography, Surcharges.UsGeography)]
    public void Surcharges_AreThoseThatRan_ElseThoseRequested(string json, Surcharges requested, Surcharges charged) =>
        Assert.That(Read(json).Surcharges.Of(requested), Is.EqualTo(charged));

    [Test]
    public void ToolCalls_OfTheProvider_AreListedByTheirNumber() => Assert.That(
        Read("""{"server_tool_use":{"web_search_requests":2,"web_fetch_requests":1,"other":{}}}""").FindToolCalls(),
        Is.EqualTo(["web_search", "web_search", "web_fetch"]));

    private static AnthropicUsage Read(params string[] events)
    {
        var usage = new AnthropicUsage();
        foreach (var each in events) usage.Add(JsonDocument.Parse(each).RootElement);
        return usage;
    }
}
