using System.Text;
using AiGateway.Application.Providers;
using AiGateway.Application.Requests;
using AiGateway.Application.Tests.Translation.Samples;
using AiGateway.Domain;

namespace AiGateway.Application.Tests.Translation;

/// <summary>Whole replies in the wire of the client, exactly.</summary>
public sealed class ReplyTests
{
    private static readonly TokenUsage Usage = new(100, 20, CachedPromptTokens: 60, CacheWriteTokens: 30, ReasoningTokens: 5);

    [TestCase(
        """ "content":[{"type":"text","text":"Hel"},{"type":"text","text":"lo"}],"stop_reason":"end_turn" """,
        """ "message":{"role":"assistant","content":"Hello","refusal":null},"logprobs":null,"finish_reason":"stop" """)]
    [TestCase(
        """ "content":[{"type":"thinking","thinking":"Hm","signature":"s"},{"type":"text","text":"A"},{"type":"tool_use","id":"t1","name":"f","input":{"a":1.50}},{"type":"tool_use","id":"t2","name":"g","input":{}}],"stop_reason":"tool_use" """,
        """ "message":{"role":"assistant","content":"A","reasoning_content":"Hm","refusal":null,"tool_calls":[{"id":"t1","type":"function","function":{"name":"f","arguments":"{\"a\":1.50}"}},{"id":"t2","type":"function","function":{"name":"g","arguments":"{}"}}]},"logprobs":null,"finish_reason":"tool_calls" """)]
    [TestCase(
        """ "content":[{"type":"tool_use","id":"t1","name":"f","input":{}}],"stop_reason":"max_tokens" """,
        """ "message":{"role":"assistant","content":null,"refusal":null,"tool_calls":[{"id":"t1","type":"function","function":{"name":"f","arguments":"{}"}}]},"logprobs":null,"finish_reason":"length" """)]
    [TestCase(""" "content":[],"stop_reason":"refusal" """, """ "message":{"role":"assistant","content":"","refusal":null},"logprobs":null,"finish_reason":"content_filter" """)]
    [TestCase(""" "content":[{"type":"fallback"},{"type":"text","text":"x"}],"stop_reason":"pause_turn" """, """ "message":{"role":"assistant","content":"x","refusal":null},"logprobs":null,"finish_reason":"stop" """)]
    public void Message_BecomesAChatCompletion(string message, string choice) => Assert.That(
        Translate(WireKind.OpenAiChat, $$"""{"id":"msg_1","type":"message","role":"assistant","model":"claude",{{message}},"usage":{"input_tokens":10,"output_tokens":20} }"""),
        Is.EqualTo(Wires.Minified(
            $$"""
            {"id":"msg_1","object":"chat.completion","created":{{Sample.Noon.ToUnixTimeSeconds()}},"model":"claude","choices":[{"index":0,{{choice}}}],
             "usage":{"prompt_tokens":100,"completion_tokens":20,"total_tokens":120,"prompt_tokens_details":{"cached_tokens":60,"cache_write_tokens":30},"completion_tokens_details":{"reasoning_tokens":5} } }
            """)));

    [TestCase(
        """ "message":{"role":"assistant","content":"Hello"},"finish_reason":"stop" """,
        """ "content":[{"type":"text","text":"Hello"}],"stop_reason":"end_turn","stop_sequence":null """)]
    [TestCase(
        """ "message":{"content":[{"type":"text","text":"Hel"},{"type":"text","text":"lo"}],"reasoning":"Hm"},"finish_reason":"length" """,
        """ "content":[{"type":"thinking","thinking":"Hm","signature":""},{"type":"text","text":"Hello"}],"stop_reason":"max_tokens","stop_sequence":null """)]
    [TestCase(
        """ "message":{"content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}},{"id":"","function":{"name":"g","arguments":""}}]},"finish_reason":"tool_calls" """,
        """ "content":[{"type":"tool_use","id":"c1","name":"f","input":{"a":1}},{"type":"tool_use","id":"call_chatcmpl_1_1","name":"g","input":{}}],"stop_reason":"tool_use","stop_sequence":null """)]
    [TestCase(
        """ "message":{"content":"","tool_calls":[{"id":"c1","function":{"name":"f","arguments":"{\"a\":"}}]},"finish_reason":"stop" """,
        """ "content":[{"type":"tool_use","id":"c1","name":"f","input":{"arguments":"{\"a\":"}}],"stop_reason":"tool_use","stop_sequence":null """)]
    [TestCase(
        """ "message":{"function_call":{"name":"f","arguments":"{}"}},"finish_reason":"function_call" """,
        """ "content":[{"type":"tool_use","id":"call_chatcmpl_1_0","name":"f","input":{}}],"stop_reason":"tool_use","stop_sequence":null """)]
    [TestCase(
        """ "message":{"content":null,"refusal":"No."},"finish_reason":"stop" """,
        """ "content":[{"type":"text","text":"No."}],"stop_reason":"refusal","stop_sequence":null """)]
    [TestCase(""" "message":{"content":null},"finish_reason":"content_filter" """, """ "content":[],"stop_reason":"refusal","stop_sequence":null """)]
    [TestCase(""" "message":{"content":"x"},"finish_reason":"stop","stop_reason":"END" """, """ "content":[{"type":"text","text":"x"}],"stop_reason":"stop_sequence","stop_sequence":"END" """)]
    [TestCase(""" "message":{"content":"x"},"finish_reason":"stop","stop_reason":"other" """, """ "content":[{"type":"text","text":"x"}],"stop_reason":"end_turn","stop_sequence":null """)]
    [TestCase(""" "message":{"content":"x"},"finish_reason":null """, """ "content":[{"type":"text","text":"x"}],"stop_reason":"end_turn","stop_sequence":null """)]
    [TestCase(""" "message":{"content":"x"},"finish_reason":"eos" """, """ "content":[{"type":"text","text":"x"}],"stop_reason":"end_turn","stop_sequence":null """)]
    public void ChatCompletion_BecomesAMessage(string choice, string message) => Assert.That(
        Translate(WireKind.AnthropicMessages, $$"""{"id":"chatcmpl.1","object":"chat.completion","model":"gpt","choices":[{"index":0,{{choice}}}]}"""),
        Is.EqualTo(Wires.Minified(
            $$"""
            {"id":"chatcmpl.1","type":"message","role":"assistant","model":"gpt",{{message}},
             "usage":{"input_tokens":10,"cache_creation_input_tokens":30,"cache_read_input_tokens":60,"output_tokens":20,"output_tokens_details":{"thinking_tokens":5} } }
            """)));

    [Test]
    public void ChatCompletion_WithoutUsage_IsCounted() => Assert.That(
        Wires.Text(Reply(WireKind.AnthropicMessages, """{"choices":[{"message":{"content":"Hello"},"finish_reason":"stop"}]}""", usage: null, "Hello").Body),
        Does.Contain("\"input_tokens\":42,").And.Contain("\"output_tokens\":5").And.Contain("\"id\":\"msg_0193a000000070008000"));

    [Test]
    public void Reply_Translated_KeepsWhatTheAdapterRead()
    {
        var reply = Reply(WireKind.OpenAiChat, """{"content":[{"type":"text","text":"x"}]}""", Usage, "x");

        Assert.That((reply.Usage, reply.DeliveredText, reply.FinishReason), Is.EqualTo(((TokenUsage?)Usage, "x", "stop")));
    }

    [Test]
    public void Reply_InTheWireOfTheClient_IsTheSameObject()
    {
        var answer = new ModelReply { Model = "m", Body = "{}"u8.ToArray() };

        Assert.That(Wires.Translator().ToClient("alpha", Wires.Call(WireKind.OpenAiChat, "{}"), answer), Is.SameAs(answer));
    }

    [Test]
    public void Reply_ThatIsMalformed_IsAFailureOfTheProvider()
    {
        var failure = Assert.Throws<ProviderException>(() => Reply(WireKind.OpenAiChat, """{"content":[{"type":"text","text":"\ud800"}]}""", Usage, ""))!;

        Assert.That((failure.Code, failure.Provider, failure.Outcome), Is.EqualTo((ErrorCode.ProviderFailed, "alpha", AttemptOutcome.Unknown)));
    }

    private static string Translate(WireKind client, string body) => Wires.Text(Reply(client, body, Usage, "").Body);

    private static ModelReply Reply(WireKind client, string body, TokenUsage? usage, string text) => Wires.Translator().ToClient(
        "alpha",
        Wires.Across(client, client == WireKind.OpenAiChat
            ? """{"messages":[{"role":"user","content":"Hi"}]}"""
            : """{"messages":[{"role":"user","content":"Hi"}],"stop_sequences":["END"]}"""),
        new ModelReply { Model = "m", FinishReason = "stop", Usage = usage, DeliveredText = text, Body = Encoding.UTF8.GetBytes(body) });
}
