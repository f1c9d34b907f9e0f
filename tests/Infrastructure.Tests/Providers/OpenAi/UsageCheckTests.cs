using System.Text;
using AiGateway.Application.OpenAiWire;
using AiGateway.Application.Providers;
using AiGateway.Application.Requests;
using AiGateway.Domain;
using AiGateway.Infrastructure.Providers.Exchange;
using AiGateway.Infrastructure.Providers.OpenAi;

namespace AiGateway.Infrastructure.Tests.Providers.OpenAi;

[TestFixture]
internal sealed class UsageCheckTests
{
    private static readonly WireEndpoint Chat = OpenAiEndpoint.Of(ModelOperation.Chat, OpenAiProfile.Compatible);

    private const string Wrote = """{"choices":[{"message":{"tool_calls":[{"function":{"name":"f","arguments":"{}"}}]}}]}""";

    // The test model has a window of 128,000 tokens. These calls have an output limit of 100.
    [TestCase(1, 128_000, 100, true)]
    [TestCase(1, 128_000, 101, false)]
    [TestCase(3, 128_000, 300, true)]
    [TestCase(3, 128_000, 301, false)]
    [TestCase(1, 1, 1, true)]
    [TestCase(1, 0, 1, false)]
    [TestCase(1, 1, 0, false)]
    public void Reply_WithUsage_KeepsItIfPossible(int choices, long prompt, long completion, bool isAccepted)
    {
        var call = TestCall.Of(request => request with { Choices = choices });
        var reply = new ModelReply { Model = "m", Usage = new TokenUsage(prompt, completion), Body = Encoding.UTF8.GetBytes(Wrote) };

        var kept = UsageCheck.Of(call, Chat, reply);

        Assert.That(kept.Usage, Is.EqualTo(isAccepted ? reply.Usage : null));
        if (!isAccepted) Assert.That(kept.DeliveredText, Is.EqualTo("f{}"), "the text is kept for the count");
    }

    [Test]
    public void Reply_WithoutText_MayHaveNoOutput()
    {
        var reply = new ModelReply { Model = "m", Usage = new TokenUsage(5, 0), Body = Encoding.UTF8.GetBytes("""{"choices":[]}""") };

        Assert.That(UsageCheck.Of(TestCall.Of(), Chat, reply), Is.SameAs(reply));
    }

    [Test]
    public void Reply_WithPredictedText_MayAlsoCostThatText()
    {
        var call = TestCall.Of(request => request with { Extras = new PromptExtras { Prediction = "0123456789" } });

        TokenUsage? Kept(long completion) => UsageCheck.Of(
            call, Chat, new ModelReply { Model = "m", Usage = new TokenUsage(128_000, completion), Body = Encoding.UTF8.GetBytes(Wrote) }).Usage;

        Assert.That((Kept(110), Kept(111)), Is.EqualTo(((TokenUsage?)new TokenUsage(128_000, 110), (TokenUsage?)null)));
    }

    [TestCase(5, true)]
    [TestCase(0, false)]
    [TestCase(2 * 128_000, true)]
    [TestCase((2 * 128_000) + 1, false)]
    public void Usage_OfTwoEmbeddingInputs_IsAcceptedUpToAWindowEach(long prompt, bool isAccepted)
    {
        var call = TestCall.Of(request => request with { Operation = ModelOperation.Embeddings, Extras = new PromptExtras { Texts = ["a", "b"] } });

        var kept = UsageCheck.Of(call, Chat, new ModelReply { Model = "m", Usage = new TokenUsage(prompt, 0) });

        Assert.That(kept.Usage is not null, Is.EqualTo(isAccepted));
    }

    [Test]
    public void Stream_WithUsageInEveryChunk_KeepsWhatIsPossibleSoFar()
    {
        var check = new UsageCheck(TestCall.Of(), Chat);

        TokenUsage? Next(string? text, long completion, long prompt = 7) =>
            check.Of(new ReplyChunk { Json = default, Text = text, Usage = new TokenUsage(prompt, completion) }).Usage;

        Assert.Multiple(() =>
        {
            Assert.That(Next(null, 0), Is.EqualTo(new TokenUsage(7, 0)), "no text has come yet");
            Assert.That(Next("Hello", 1), Is.EqualTo(new TokenUsage(7, 1)));
            Assert.That(Next(null, 0), Is.Null);
            Assert.That(Next(null, 0, prompt: 0), Is.Null);
            Assert.That(Next(null, 999_999_999), Is.Null);
            Assert.That(Next(" there", 2), Is.EqualTo(new TokenUsage(7, 2)));
        });
    }
}
