using System.IO.Compression;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using AiGateway.Api.Tests.Hosting;
using AiGateway.Testing;
using Microsoft.AspNetCore.Http;

namespace AiGateway.Api.Tests.Tolerance;

/// <summary>The streams that providers send, built of pieces, and the events that clients read.</summary>
internal static class Streams
{
    public const string Usage = """{"prompt_tokens":7,"completion_tokens":2,"total_tokens":9}""";
    public const string Finish = """{"id":"c1","object":"chat.completion.chunk","created":1,"model":"odd-model","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""";
    public const string UsageChunk = $$"""{"id":"c1","object":"chat.completion.chunk","created":1,"model":"odd-model","choices":[],"usage":{{Usage}}}""";
    public const string Done = "data: [DONE]\n\n";

    public const string Completion = $$"""
        {"id":"c1","object":"chat.completion","created":1,"model":"odd-model","choices":[{"index":0,"message":{"role":"assistant","content":"ab"},"finish_reason":"stop"}],"usage":{{Usage}}}
        """;

    public const string Response = """
        {"id":"resp_t","object":"response","status":"completed","model":"odd-model","output":[{"id":"msg_1","type":"message","role":"assistant","content":[{"type":"output_text","text":"ab"}]}],"usage":{"input_tokens":7,"output_tokens":2,"total_tokens":9}}
        """;

    public static readonly string Created = Named("response.created", """{"type":"response.created","sequence_number":0,"response":{"id":"resp_t","model":"odd-model","status":"in_progress","output":[]}}""");
    public static readonly string InProgress = Named("response.in_progress", """{"type":"response.in_progress","sequence_number":1,"response":{"id":"resp_t","model":"odd-model","status":"in_progress","output":[]}}""");
    public static readonly string Completed = Named("response.completed", $$"""{"type":"response.completed","sequence_number":9,"response":{{Response.Trim()}}}""");

    /// <summary>The data of a chunk with this text.</summary>
    public static string Chunk(string text) =>
        $$"""{"id":"c1","object":"chat.completion.chunk","created":1,"model":"odd-model","choices":[{"index":0,"delta":{"content":"{{text}}"},"finish_reason":null}]}""";

    public static string Delta(string text) =>
        Named("response.output_text.delta", $$"""{"type":"response.output_text.delta","sequence_number":3,"item_id":"msg_1","output_index":0,"content_index":0,"delta":"{{text}}"}""");

    public static string Data(params IEnumerable<string> data) => string.Concat(data.Select(each => $"data: {each}\n\n"));

    public static string Named(string type, string data) => $"event: {type}\ndata: {data}\n\n";

    /// <summary>Sends a body as it stands, and ends it properly.</summary>
    public static Answer Body(string body, string contentType = "text/event-stream") => Body(Encoding.UTF8.GetBytes(body), contentType);

    public static Answer Body(byte[] body, string contentType = "text/event-stream", string? coding = null) => async (_, http) =>
    {
        http.Response.ContentType = contentType;
        if (coding is not null) http.Response.Headers.ContentEncoding = coding;
        await http.Response.Body.WriteAsync(body);
    };

    /// <summary>Sends the same body, compressed.</summary>
    public static Answer Compressed(string body, string coding, string contentType = "text/event-stream")
    {
        var compressed = new MemoryStream();
        using (Stream stream = coding switch
        {
            "gzip" => new GZipStream(compressed, CompressionMode.Compress),
            "br" => new BrotliStream(compressed, CompressionMode.Compress),
            _ => new ZLibStream(compressed, CompressionMode.Compress),
        })
        {
            stream.Write(Encoding.UTF8.GetBytes(body));
        }

        return Body(compressed.ToArray(), contentType, coding);
    }

    /// <summary>Sends a part of a body, and resets the connection once the client has read. A reset can overtake data.</summary>
    public static Answer Reset(string body, Task hasRead) => async (_, http) =>
    {
        http.Response.ContentType = "text/event-stream";
        await http.Response.WriteAsync(body);
        await http.Response.Body.FlushAsync();
        await hasRead;
        http.Abort();
    };

    /// <summary>Sends a part of a body, and then nothing more.</summary>
    public static Answer Stall(string body) => async (request, http) =>
    {
        http.Response.ContentType = "text/event-stream";
        await http.Response.WriteAsync(body);
        await http.Response.Body.FlushAsync();
        await Answers.Hang(request, http);
    };

    public static Task<Reply> ChatAsync(this GatewayClient caller, bool stream, bool wantsUsage = false) => caller.PostAsync("/v1/chat/completions", new
    {
        model = TestPrices.Model,
        max_tokens = 50,
        stream,
        stream_options = wantsUsage ? new { include_usage = true } : null,
        messages = new[] { new { role = "user", content = "Hi" } },
    });

    public static Task<Reply> ResponseAsync(this GatewayClient caller, bool stream) =>
        caller.PostAsync("/v1/responses", new { model = TestPrices.Model, max_output_tokens = 50, stream, input = "Hi" });

    public static Task<Reply> NativeAsync(this GatewayClient caller, bool stream) =>
        caller.GenerateAsync(new { prompt = "Hi", stream, options = new { maxTokens = 50 } });

    /// <summary>The events of a reply.</summary>
    public static IReadOnlyList<SseItem<string>> Events(this Reply reply) =>
        [.. SseParser.Create(new MemoryStream(Encoding.UTF8.GetBytes(reply.Text))).Enumerate()];

    /// <summary>The text of a streamed reply, in the format of any endpoint.</summary>
    public static string StreamedText(this Reply reply) => string.Concat(reply.Events().Select(each => TextOf(each.Data)));

    private static string? TextOf(string data)
    {
        if (data == "[DONE]") return null;
        var json = JsonElement.Parse(data);
        if (json.TryGetProperty("delta", out var delta) && delta.ValueKind == JsonValueKind.String) return delta.GetString();
        if (json.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.String) return content.GetString();
        if (!json.TryGetProperty("choices", out var choices)) return null;
        return string.Concat(choices.EnumerateArray().Select(choice =>
            choice.GetProperty("delta").TryGetProperty("content", out var text) ? text.GetString() : null));
    }
}
