using System.Text;
using AiGateway.Application.OpenAiWire;
using AiGateway.Application.Providers;
using AiGateway.Domain;

namespace AiGateway.Infrastructure.Tests.Providers.OpenAi;

[TestFixture]
internal sealed class OpenAiReplyTests
{
    [Test]
    public void Reply_WhenComplete_IsReadInFullAndKeepsItsBytes()
    {
        var reply = Read(Answers.Completion)!;

        Assert.Multiple(() =>
        {
            Assert.That(reply.Model, Is.EqualTo("gpt-test-0901"));
            Assert.That(reply.Content, Is.EqualTo("Hello."));
            Assert.That(reply.FinishReason, Is.EqualTo("stop"));
            Assert.That(reply.Usage, Is.EqualTo(new TokenUsage(9, 3)));
            Assert.That(reply.Tier, Is.EqualTo(ServiceTier.Standard));
            Assert.That(Encoding.UTF8.GetString(reply.Body.Span), Is.EqualTo(Answers.Completion));
        });
    }

    [Test]
    public void Reply_WithoutUsage_KeepsAllTextForTheCount()
    {
        const string Choices = """
            [{"message":{"content":"a","tool_calls":[{"function":{"name":"f","arguments":"{1}"}}]}},
             {"message":{"content":[{"type":"text","text":"b"}],"reasoning_content":"c"}}]
            """;

        Assert.Multiple(() =>
        {
            Assert.That(Read($$"""{"choices":{{Choices}}}""")!.DeliveredText, Is.EqualTo("af{1}bc"));
            Assert.That(Read($$$"""{"choices":{{{Choices}}},"usage":{"prompt_tokens":1,"completion_tokens":2}}""")!.DeliveredText, Is.Empty);
        });
    }

    [TestCase("""{"content":"a"}""", "a")]
    [TestCase("""{"content":"äö😀 \u00e9"}""", "äö😀 é")]
    [TestCase("""{"content":null}""", "")]
    [TestCase("""{"content":""}""", "")]
    [TestCase("""{}""", "")]
    [TestCase("null", "")]
    [TestCase("7", "")]
    [TestCase("""{"content":[{"type":"text","text":"a"},{"type":"image"},{"type":"text","text":"b"},5]}""", "ab")]
    [TestCase("""{"content":null,"refusal":"I will not."}""", "I will not.")]
    [TestCase("""{"content":"a","refusal":null}""", "a")]
    [TestCase("""{"content":null,"tool_calls":[{"function":{"name":"f","arguments":"{}"}}]}""", "")]
    public void Reply_WithAnyFormOfMessage_HasItsText(string message, string content) =>
        Assert.That(Read($$"""{"choices":[{"message":{{message}}}]}""")!.Content, Is.EqualTo(content));

    [TestCase("""{"choices":[]}""")]
    [TestCase("""{"choices":[null]}""")]
    [TestCase("""{"choices":[{"index":0}],"model":null}""")]
    [TestCase("""{"choices":[{"finish_reason":7}],"model":"","usage":null,"service_tier":null}""")]
    public void Reply_WhenPartsAreMissing_FillsInWhatIsKnown(string body)
    {
        var reply = Read(body)!;

        Assert.Multiple(() =>
        {
            Assert.That(reply.Model, Is.EqualTo("gpt-asked"));
            Assert.That(reply.Content, Is.Empty);
            Assert.That(reply.FinishReason, Is.Null);
            Assert.That(reply.Usage, Is.Null);
        });
    }

    [TestCase("")]
    [TestCase("null")]
    [TestCase("[]")]
    [TestCase("7")]
    [TestCase("{}")]
    [TestCase("""{"choices":null}""")]
    [TestCase("""{"choices":{}}""")]
    [TestCase("""{"choices":[]""")]
    [TestCase("""{"choices":[]}x""")]
    [TestCase("""{"error":{"message":"m"}}""")]
    [TestCase("<html></html>")]
    [TestCase("""{"choices":[{"message":{"content":"\ud800"}}]}""")]
    public void Reply_WhenNoChatCompletion_IsRefused(string body) => Assert.That(Read(body), Is.Null);

    [Test]
    public void Reply_WhenNotUtf8_IsRefused()
    {
        byte[] body = [.. Encoding.UTF8.GetBytes("""{"choices":[{"message":{"content":" """), 0xC3, 0x28, .. "\"}}]}"u8];

        Assert.That(OpenAiReply.FromChatCompletion(body, "gpt-asked"), Is.Null);
    }

    [Test]
    public void Reply_WhenNestedTooDeep_IsRefused() =>
        Assert.That(Read("""{"choices":""" + new string('[', 10_000) + new string(']', 10_000) + "}"), Is.Null);

    [TestCaseSource(nameof(Usages))]
    public void Usage_OfAReply_IsReadOrRejected(string usage, TokenUsage? expected) =>
        Assert.That(Read($$"""{"choices":[],"usage":{{usage}}}""")!.Usage, Is.EqualTo(expected));

    [TestCase("flex", ServiceTier.Flex)]
    [TestCase("priority", ServiceTier.Priority)]
    [TestCase("default", ServiceTier.Standard)]
    [TestCase("auto", ServiceTier.Standard)]
    [TestCase("something new", ServiceTier.Standard)]
    public void Tier_OfAReply_IsRead(string name, ServiceTier tier) =>
        Assert.That(Read($$"""{"choices":[],"service_tier":"{{name}}"}""")!.Tier, Is.EqualTo(tier));

    private static IEnumerable<TestCaseData> Usages()
    {
        yield return Usage("""{"prompt_tokens":9,"completion_tokens":3}""", new TokenUsage(9, 3));
        yield return Usage("""{"prompt_tokens":0,"completion_tokens":0}""", new TokenUsage(0, 0));
        yield return Usage(
            """{"prompt_tokens":100,"completion_tokens":50,"total_tokens":150,"prompt_tokens_details":{"cached_tokens":60,"cache_write_tokens":30,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":40,"rejected_prediction_tokens":0}}""",
            new TokenUsage(100, 50, 60, 30, 40));
        yield return Usage(
            """{"prompt_tokens":9,"completion_tokens":3,"prompt_tokens_details":null,"completion_tokens_details":{"reasoning_tokens":null}}""",
            new TokenUsage(9, 3));
        yield return Usage("null", null);
        yield return Usage("[]", null);
        yield return Usage("{}", null);
        yield return Usage("""{"prompt_tokens":9}""", null);
        yield return Usage("""{"prompt_tokens":null,"completion_tokens":3}""", null);
        yield return Usage("""{"prompt_tokens":"9","completion_tokens":3}""", null);
        yield return Usage("""{"prompt_tokens":9.5,"completion_tokens":3}""", null);
        yield return Usage("""{"prompt_tokens":-1,"completion_tokens":3}""", null);
        yield return Usage("""{"prompt_tokens":9,"completion_tokens":-3}""", null);
        yield return Usage("""{"prompt_tokens":1e30,"completion_tokens":3}""", null);
        yield return Usage("""{"prompt_tokens":9,"completion_tokens":1000000001}""", null);
        yield return Usage("""{"prompt_tokens":9,"completion_tokens":3,"prompt_tokens_details":{"cached_tokens":10}}""", null);
        yield return Usage("""{"prompt_tokens":9,"completion_tokens":3,"prompt_tokens_details":{"cached_tokens":-1}}""", null);
        yield return Usage("""{"prompt_tokens":9,"completion_tokens":3,"prompt_tokens_details":{"cached_tokens":"1"}}""", null);
        yield return Usage("""{"prompt_tokens":9,"completion_tokens":3,"completion_tokens_details":{"reasoning_tokens":4}}""", null);
    }

    private static TestCaseData Usage(string json, TokenUsage? expected) => new(json, expected);

    private static ModelReply? Read(string body) => OpenAiReply.FromChatCompletion(Encoding.UTF8.GetBytes(body), "gpt-asked");
}
