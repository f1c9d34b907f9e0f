using System.Buffers.Text;
using System.Text;

namespace AiGateway.SideBySide.Targets;

/// <summary>
/// A provider with OpenAI's chat completions and Anthropic's messages. It answers at once and streams a chunk every few milliseconds, or
/// streams slowly if a request asks for that.
/// </summary>
internal static class Upstream
{
    public const int Chunks = 50;

    private static readonly TimeSpan Gap = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan SlowGap = TimeSpan.FromMilliseconds(200);

    private static ReadOnlySpan<byte> SlowMark => "\"slow_chunks\":\""u8;

    private static readonly byte[] Reply = """
        {"id":"chatcmpl-1","object":"chat.completion","created":1790000000,"model":"gpt-6-luna","choices":[{"index":0,"message":{"role":"assistant","content":"The quick brown fox jumps over the lazy dog, and then it does so once more.","refusal":null},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":20,"completion_tokens":18,"total_tokens":38,"prompt_tokens_details":{"cached_tokens":0},"completion_tokens_details":{"reasoning_tokens":0}},"service_tier":"default"}
        """u8.ToArray();

    private static readonly byte[] Message = """
        {"id":"msg_1","type":"message","role":"assistant","model":"claude-haiku-5-5","content":[{"type":"text","text":"The quick brown fox jumps over the lazy dog, and then it does so once more."}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":20,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"cache_creation":{"ephemeral_5m_input_tokens":0,"ephemeral_1h_input_tokens":0},"output_tokens":18,"service_tier":"standard"}}
        """u8.ToArray();

    private static readonly byte[] Chunk = Encoding.UTF8.GetBytes(
        """data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1790000000,"model":"gpt-6-luna","choices":[{"index":0,"delta":{"content":" fox"},"logprobs":null,"finish_reason":null}],"usage":null}""" + "\n\n");

    private static readonly byte[] End = Encoding.UTF8.GetBytes(
        """data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1790000000,"model":"gpt-6-luna","choices":[],"usage":{"prompt_tokens":20,"completion_tokens":50,"total_tokens":70}}""" + "\n\ndata: [DONE]\n\n");

    /// <summary>The body of a request whose stream takes this time.</summary>
    /// <param name="time">The time.</param>
    public static string SlowRequest(TimeSpan time) =>
        $$$"""{"model":"gpt-6-luna","stream":true,"messages":[{"role":"user","content":"Tell me about the quick brown fox."}],"max_completion_tokens":400,"metadata":{"slow_chunks":"{{{(int)(time / SlowGap)}}}"}}""";

    public static async Task<int> RunAsync()
    {
        var app = Server.Build();
        app.MapPost("/v1/chat/completions", AnswerAsync);
        app.MapPost("/v1/messages", context => WriteAsync(context, Message));
        return await Server.RunAsync(app);
    }

    private static async Task AnswerAsync(HttpContext context)
    {
        using var copy = new MemoryStream();
        await context.Request.Body.CopyToAsync(copy, context.RequestAborted);
        var body = copy.ToArray();
        if (body.AsSpan().IndexOf("\"stream\":true"u8) < 0) await WriteAsync(context, Reply);
        else if (SlowChunks(body) is { } chunks) await StreamAsync(context, chunks, SlowGap);
        else await StreamAsync(context, Chunks, Gap);
    }

    private static int? SlowChunks(ReadOnlySpan<byte> body)
    {
        var at = body.IndexOf(SlowMark);
        return at >= 0 && Utf8Parser.TryParse(body[(at + SlowMark.Length)..], out int chunks, out _) ? chunks : null;
    }

    private static async Task WriteAsync(HttpContext context, byte[] json)
    {
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = json.Length;
        await context.Response.BodyWriter.WriteAsync(json, context.RequestAborted);
    }

    private static async Task StreamAsync(HttpContext context, int chunks, TimeSpan gap)
    {
        context.Response.ContentType = "text/event-stream";
        for (var i = 0; i < chunks; i++)
        {
            await context.Response.BodyWriter.WriteAsync(Chunk, context.RequestAborted);
            await Task.Delay(gap, TimeProvider.System, context.RequestAborted);
        }

        await context.Response.BodyWriter.WriteAsync(End, context.RequestAborted);
    }
}
