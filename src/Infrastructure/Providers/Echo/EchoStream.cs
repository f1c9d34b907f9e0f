using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using AiGateway.Application.Generation;
using AiGateway.Domain;

namespace AiGateway.Infrastructure.Providers.Echo;

/// <summary>Streams the echo word by word, as OpenAI's chunks: the role, each word, the end, the usage.</summary>
internal static class EchoStream
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async IAsyncEnumerator<ReplyChunk> Of(
        ModelCall call, EchoText said, TokenUsage usage, CancellationToken cancellationToken)
    {
        var choices = call.Request.Choices;
        for (var index = 0; index < choices; index++) yield return Chunk(call, Choice(index, role: "assistant", content: "")) with { Model = call.Model.Model };
        foreach (var word in WordsOf(said.Content))
        {
            // Each word is its own step, so the rest stops when the reader leaves.
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            for (var index = 0; index < choices; index++) yield return Chunk(call, Choice(index, content: word)) with { Text = word, Content = index == 0 ? word : null };
        }

        for (var index = 0; index < choices; index++)
            yield return Chunk(call, Choice(index, finishReason: said.FinishReason)) with { FinishReason = said.FinishReason };
        yield return Chunk(call, json => WriteUsageAlone(json, usage)) with { Usage = usage, IsUsageOnly = true };
    }

    /// <summary>The text, cut after each run of blanks; the joined parts equal the text.</summary>
    private static IEnumerable<string> WordsOf(string text)
    {
        var start = 0;
        for (var i = 1; i < text.Length; i++)
        {
            if (text[i - 1] != ' ' || text[i] == ' ') continue;
            yield return text[start..i];
            start = i;
        }

        if (start < text.Length) yield return text[start..];
    }

    private static Action<Utf8JsonWriter> Choice(int index, string? role = null, string? content = null, string? finishReason = null) => json =>
    {
        json.WriteStartArray("choices"u8);
        json.WriteStartObject();
        json.WriteNumber("index"u8, index);
        json.WriteStartObject("delta"u8);
        if (role is not null) json.WriteString("role"u8, role);
        if (content is not null) json.WriteString("content"u8, content);
        json.WriteEndObject();
        json.WriteNull("logprobs"u8);
        json.WriteString("finish_reason"u8, finishReason);
        json.WriteEndObject();
        json.WriteEndArray();
    };

    private static void WriteUsageAlone(Utf8JsonWriter json, TokenUsage usage)
    {
        json.WriteStartArray("choices"u8);
        json.WriteEndArray();
        EchoReply.WriteUsage(json, usage);
    }

    private static ReplyChunk Chunk(ModelCall call, Action<Utf8JsonWriter> writeRest)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, Compact))
        {
            json.WriteStartObject();
            json.WriteString("id"u8, EchoReply.IdOf(call));
            json.WriteString("object"u8, "chat.completion.chunk"u8);
            json.WriteNumber("created"u8, call.Request.ReceivedAt.ToUnixTimeSeconds());
            json.WriteString("model"u8, call.Model.Model);
            writeRest(json);
            json.WriteEndObject();
        }

        return new ReplyChunk { Json = buffer.WrittenMemory };
    }
}
