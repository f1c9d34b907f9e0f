using System.Text;
using AiGateway.Application.OpenAiWire;
using AiGateway.Application.Providers;
using AiGateway.Domain;

namespace AiGateway.Infrastructure.Tests.Providers.OpenAi;

[TestFixture]
internal sealed class OpenAiChunkTests
{
    [TestCase("""{"content":"a"}""", "a")]
    [TestCase("""{"role":"assistant","content":""}""", null)]
    [TestCase("""{"content":null}""", null)]
    [TestCase("{}", null)]
    [TestCase("null", null)]
    [TestCase("""{"refusal":"no"}""", "no")]
    [TestCase("""{"reasoning_content":"hm"}""", "hm")]
    [TestCase("""{"reasoning":"hm"}""", "hm")]
    [TestCase("""{"tool_calls":[{"index":0,"function":{"name":"f","arguments":"{\"a"}},{"index":1,"function":{"arguments":"1}"}}]}""", "f{\"a1}")]
    [TestCase("""{"tool_calls":[null,{"function":null},7]}""", null)]
    [TestCase("""{"function_call":{"name":"f","arguments":"{}"}}""", "f{}")]
    [TestCase("""{"content":"ä\u00e9😀"}""", "äé😀")]
    public void Chunk_WithText_HasTheText(string delta, string? text) =>
        Assert.That(Part($$"""{"choices":[{"index":0,"delta":{{delta}}}]}""").Text, Is.EqualTo(text));

    [Test]
    public void Chunk_WithSeveralChoices_HasTheTextOfAll() =>
        Assert.That(Part("""{"choices":[{"delta":{"content":"a"}},{"delta":{"content":"b"}},{}]}""").Text, Is.EqualTo("ab"));

    [Test]
    public void Chunk_WhenRead_KeepsItsBytes()
    {
        var json = """{ "choices" : [] , "new_field":{"x":1.0} }""";

        Assert.That(Encoding.UTF8.GetString(Part(json).Json.Span), Is.EqualTo(json));
    }

    [TestCase("""{"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":3}}""", true, 9)]
    [TestCase("""{"choices":[],"usage":{"prompt_tokens":-9,"completion_tokens":3}}""", true, null)]
    [TestCase("""{"choices":[],"usage":null}""", false, null)]
    [TestCase("""{"choices":[],"prompt_filter_results":[]}""", false, null)]
    [TestCase("""{"choices":[{"delta":{}}],"usage":{"prompt_tokens":9,"completion_tokens":3}}""", false, 9)]
    [TestCase("""{"choices":[{"delta":{}}],"usage":null}""", false, null)]
    public void Chunk_WithUsage_SaysWhetherItHasUsageOnly(string json, bool isUsageOnly, long? promptTokens)
    {
        var chunk = Part(json);

        Assert.That(chunk.IsUsageOnly, Is.EqualTo(isUsageOnly));
        Assert.That(chunk.Usage?.PromptTokens, Is.EqualTo(promptTokens));
    }

    [TestCase("gpt-a", null, "gpt-a")]
    [TestCase("gpt-a", "gpt-a", null)]
    [TestCase("gpt-b", "gpt-a", "gpt-b")]
    [TestCase("", "gpt-a", null)]
    [TestCase("", null, null)]
    public void Chunk_WithAModel_HasItOnlyIfNew(string model, string? soFar, string? told)
    {
        var kind = OpenAiChunk.Read(Encoding.UTF8.GetBytes($$"""{"choices":[],"model":"{{model}}"}"""), null, soFar, out var chunk);

        Assert.That(kind, Is.EqualTo(ChunkKind.Opening));
        Assert.That(chunk.Model, Is.EqualTo(told));
    }

    [TestCase("""{"choices":[{"finish_reason":null},{"finish_reason":"length"}]}""", "length")]
    [TestCase("""{"choices":[{"finish_reason":"stop"}]}""", "stop")]
    [TestCase("""{"choices":[{}]}""", null)]
    public void Chunk_AtTheEndOfAChoice_HasTheFinishReason(string json, string? reason) => Assert.That(Part(json).FinishReason, Is.EqualTo(reason));

    [Test]
    public void Chunk_WithATier_HasTheTier() =>
        Assert.That(Part("""{"choices":[],"service_tier":"priority"}""").Tier, Is.EqualTo(ServiceTier.Priority));

    [TestCase("""{"error":{"message":"m"}}""", null)]
    [TestCase("""{"error":"m"}""", null)]
    [TestCase("""{"choices":[],"error":{}}""", null)]
    [TestCase("""{"choices":[{"index":0,"error":{"message":"m","code":502},"finish_reason":"error"}]}""", null)]
    [TestCase("anything", "error")]
    public void Chunk_WhenItReportsAFailure_IsAnError(string json, string? eventType) =>
        Assert.That(OpenAiChunk.Read(Encoding.UTF8.GetBytes(json), eventType, null, out _), Is.EqualTo(ChunkKind.Error));

    [TestCase("", null)]
    [TestCase(" ", null)]
    [TestCase("null", null)]
    [TestCase("7", null)]
    [TestCase("[]", null)]
    [TestCase("{}", null)]
    [TestCase("anything", "ping")]
    [TestCase("""{"choices":null}""", null)]
    [TestCase("""{"choices":null,"usage":null,"error":null}""", null)]
    [TestCase("""{"type":"ping"}""", null)]
    public void Chunk_WithoutMeaning_IsSkipped(string json, string? eventType) =>
        Assert.That(OpenAiChunk.Read(Encoding.UTF8.GetBytes(json), eventType, null, out _), Is.EqualTo(ChunkKind.Skipped));

    [TestCase("""{"choices":null,"usage":{"prompt_tokens":9,"completion_tokens":3}}""", """{"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":3}}""")]
    [TestCase("""{"usage":{"prompt_tokens":9,"completion_tokens":3}}""", """{"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":3}}""")]
    [TestCase("""{"x_groq":{"usage":{"prompt_tokens":9,"completion_tokens":3}}}""", """{"choices":[],"x_groq":{"usage":{"prompt_tokens":9,"completion_tokens":3}}}""")]
    public void Chunk_WithUsageAndNoChoices_GetsAnEmptyArray(string json, string given)
    {
        var chunk = Part(json);

        Assert.That(Encoding.UTF8.GetString(chunk.Json.Span), Is.EqualTo(given));
        Assert.That(chunk.IsUsageOnly, Is.True);
        Assert.That(chunk.Usage, Is.EqualTo(new TokenUsage(9, 3)));
    }

    [Test]
    public void Chunk_WithAnEmptyFinishReason_HasNone() =>
        Assert.That(Part("""{"choices":[{"delta":{"content":"a"},"finish_reason":""}]}""").FinishReason, Is.Null);

    [Test]
    public void Chunk_WithInvalidText_IsMalformed() =>
        Assert.That(OpenAiChunk.Read((byte[])[.. "{\"choices\":[],\"x\":\""u8, 0xFF, .. "\"}"u8], null, null, out _), Is.EqualTo(ChunkKind.Malformed));

    [TestCase("CANARY")]
    [TestCase("""{"choices":[{"delta":{"content":"\ud800"}}]}""")]
    [TestCase("""{"choices":[{"delta":{"content":"a""")]
    public void Chunk_WithAnotherForm_IsMalformed(string json) =>
        Assert.That(OpenAiChunk.Read(Encoding.UTF8.GetBytes(json), null, null, out _), Is.EqualTo(ChunkKind.Malformed));

    private static ReplyChunk Part(string json)
    {
        Assert.That(OpenAiChunk.Read(Encoding.UTF8.GetBytes(json), null, null, out var chunk), Is.AnyOf(ChunkKind.Part, ChunkKind.Opening));
        return chunk;
    }
}
