using System.Text;
using AiGateway.Application.OpenAiWire;
using AiGateway.Application.Providers;
using AiGateway.Domain;
using AiGateway.Infrastructure.Providers.Exchange;
using AiGateway.Infrastructure.Providers.OpenAi;

namespace AiGateway.Infrastructure.Tests.Providers.OpenAi;

/// <summary>What the profile of a provider changes in requests and replies.</summary>
[TestFixture]
internal sealed class ProfileTests
{
    private const string WithCost = """{"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":3,"total_tokens":12,"cost":0.0000000015}}""";

    [TestCase("""{"choices":[{"index":0,"delta":{},"finish_reason":"eos"}]}""", """{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""")]
    [TestCase("""{"choices":[{"delta":{"content":"a"},"finish_reason": "" },{"finish_reason":"eos"}]}""", """{"choices":[{"delta":{"content":"a"},"finish_reason": null },{"finish_reason":"stop"}]}""")]
    [TestCase("""{"choices":[{"finish_reason":"length"}]}""", """{"choices":[{"finish_reason":"length"}]}""")]
    [TestCase("""{"finish_reason":"eos","choices":[{"delta":{"finish_reason":"eos"}}]}""", """{"finish_reason":"eos","choices":[{"delta":{"finish_reason":"eos"}}]}""")]
    [TestCase("[DONE]", "[DONE]")]
    public void Chunk_OfARepairedProvider_HasAFinishReasonThatClientsKnow(string chunk, string repaired) =>
        Assert.That(Encoding.UTF8.GetString(FinishReasonRepair.OfChunk(Encoding.UTF8.GetBytes(chunk)).Span), Is.EqualTo(repaired));

    [TestCase("")]
    [TestCase("eos")]
    public void Reply_OfARepairedProvider_HasTheFinishReasonStop(string reason) => Assert.That(
        Encoding.UTF8.GetString(FinishReasonRepair.OfReply(Encoding.UTF8.GetBytes($$"""{"choices":[{"message":{},"finish_reason":"{{reason}}"}]}""")).Span),
        Is.EqualTo("""{"choices":[{"message":{},"finish_reason":"stop"}]}"""));

    [TestCase(true, 2L)]
    [TestCase(false, null)]
    public void Cost_ThatAReplyReports_IsKeptWhereItIsBilled(bool charges, long? nanoUsd)
    {
        var profile = OpenAiProfile.Compatible with { ChargesReportedCost = charges };
        var reply = OpenAiReply.FromChatCompletion(Encoding.UTF8.GetBytes(WithCost), "m");
        OpenAiChunk.Read(Encoding.UTF8.GetBytes(WithCost), null, null, out var chunk);

        Assert.That(UsageCheck.Of(TestCall.Of(), OpenAiEndpoint.Of(ModelOperation.Chat, profile), reply)!.ReportedCostNanoUsd, Is.EqualTo(nanoUsd));
        Assert.That(new UsageCheck(TestCall.Of(), OpenAiEndpoint.Of(ModelOperation.Chat, profile)).Of(chunk).ReportedCostNanoUsd, Is.EqualTo(nanoUsd));
    }

    [TestCase("-1")]
    [TestCase("1e300")]
    [TestCase("\"1\"")]
    [TestCase("null")]
    public void Cost_ThatIsNoAmount_IsNotKept(string cost)
    {
        var reply = OpenAiReply.FromChatCompletion(Encoding.UTF8.GetBytes(WithCost.Replace("0.0000000015", cost, StringComparison.Ordinal)), "m");

        Assert.That(reply!.ReportedCostNanoUsd, Is.Null);
        Assert.That(reply.Usage, Is.EqualTo(new TokenUsage(9, 3)));
    }

    [Test]
    public void Charge_OfAReportedCost_IsThatCost() =>
        Assert.That(Charge.OfUsage(TestCall.Of(), new TokenUsage(9, 3), ServiceTier.Standard, TimeProvider.System.GetUtcNow(), 42).CostNanoUsd, Is.EqualTo(42));

    [Test]
    public void Charge_OfALeftCallThatIsBilledInFull_IsTheMaximum()
    {
        var call = TestCall.Of() with { BillsAbortedCalls = true, Worst = new CostEstimate(10, 100, 1_000) };

        var charge = Charge.OfLeft(call, new Delivered(CountedOutput: 1), answerHasBegun: true, TimeProvider.System.GetUtcNow());

        Assert.That((charge.CostNanoUsd, charge.Source), Is.EqualTo((1_000L, UsageSource.Held)));
    }

    [Test]
    public void Correction_UntilRemembered_AppliesToNoOtherCall()
    {
        var learned = new LearnedProfile(OpenAiProfile.Compatible);
        var refused = new ProviderErrorBody("Unsupported parameter: 'max_tokens'.", null, "unsupported_parameter", "max_tokens");

        var corrected = LearnedProfile.Correct(TestCall.Of(), learned.For("m"), 400, refused);

        Assert.That(corrected!.OutputLimit, Is.EqualTo(OutputLimitName.MaxCompletionTokens));
        Assert.That(learned.For("m"), Is.EqualTo(OpenAiProfile.Compatible));
        learned.Remember("m", corrected);
        Assert.That(learned.For("m").OutputLimit, Is.EqualTo(OutputLimitName.MaxCompletionTokens));
        Assert.That(learned.For("other"), Is.EqualTo(OpenAiProfile.Compatible), "a correction applies to its model alone");
        Assert.That(learned.Describe(), Is.EqualTo(["the output limit of m is sent as max_completion_tokens"]));
    }

    [TestCase(401)]
    [TestCase(500)]
    [TestCase(null)]
    public void Refusal_WithAnotherStatus_MakesNoCorrection(int? status) => Assert.That(
        LearnedProfile.Correct(
            TestCall.Of(), OpenAiProfile.Compatible, status, new ProviderErrorBody("Unsupported parameter: 'max_tokens'.", null, null, "max_tokens")),
        Is.Null);
}
