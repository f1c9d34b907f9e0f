using System.Text;
using AiGateway.Application.Providers;
using AiGateway.Testing;
using Microsoft.AspNetCore.Http;

namespace AiGateway.Infrastructure.Tests.Providers;

/// <summary>A stream as a provider writes it, and a method that reads it from a reply.</summary>
internal static class StreamedText
{
    public static readonly string[] Chunks =
    [
        """{"id":"c1","object":"chat.completion.chunk","created":1790000000,"model":"gpt-test-0901","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}],"usage":null}""",
        """{"id":"c1","object":"chat.completion.chunk","created":1790000000,"model":"gpt-test-0901","choices":[{"index":0,"delta":{"content":"Hel"},"finish_reason":null}],"usage":null}""",
        """{"id":"c1","object":"chat.completion.chunk","created":1790000000,"model":"gpt-test-0901","choices":[{"index":0,"delta":{"content":"lo ä😀."},"finish_reason":null}],"usage":null}""",
        """{"id":"c1","object":"chat.completion.chunk","created":1790000000,"model":"gpt-test-0901","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":null}""",
        """{"id":"c1","object":"chat.completion.chunk","created":1790000000,"model":"gpt-test-0901","choices":[],"usage":{"prompt_tokens":9,"completion_tokens":3,"total_tokens":12}}""",
    ];

    public const string Done = "data: [DONE]\n\n";

    public static readonly string Whole = Events(Chunks) + Done;

    public static string Events(params IEnumerable<string> chunks) => string.Concat(chunks.Select(chunk => $"data: {chunk}\n\n"));

    /// <summary>Answers with a stream of exactly these bytes.</summary>
    public static Answer Answer(string text) => Answers.Body(text, "text/event-stream", 200);

    /// <summary>Answers with a first part, and with the rest once it is allowed.</summary>
    public static Answer Answer(string part, Task allowed, string rest) => async (_, http) =>
    {
        http.Response.ContentType = "text/event-stream";
        await http.Response.WriteAsync(part);
        await http.Response.Body.FlushAsync();
        await allowed;
        await http.Response.WriteAsync(rest);
    };

    /// <summary>Reads to the end or to the failure. The payloads are copied, because each is valid only until the next read.</summary>
    public static async Task<(List<string> Payloads, List<ReplyChunk> Chunks, Exception? Failure)> ReadAsync(this ModelReply reply)
    {
        var payloads = new List<string>();
        var chunks = new List<ReplyChunk>();
        await using var stream = reply.Chunks!;
        try
        {
            while (await stream.MoveNextAsync())
            {
                payloads.Add(Encoding.UTF8.GetString(stream.Current.Json.Span));
                chunks.Add(stream.Current);
            }

            return (payloads, chunks, null);
        }
        catch (Exception failure)
        {
            return (payloads, chunks, failure);
        }
    }
}
