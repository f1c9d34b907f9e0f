using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace AiGateway.Testing;

/// <summary>How a stream of events ends.</summary>
public enum StreamEnd
{
    /// <summary>The body ends in order.</summary>
    InOrder,

    /// <summary>The connection breaks.</summary>
    Broken,

    /// <summary>Nothing more comes, until the gateway hangs up.</summary>
    Silent,
}

/// <summary>
/// What a server with Anthropic's wire answers, as odd as servers are. An answer to a request of another method or path than
/// the wire's is 404.
/// </summary>
public static class AnthropicAnswers
{
    /// <summary>The provider's id of each request.</summary>
    public const string RequestId = "req_011CSHoEeqs5C35K2UUqR7Fy";

    /// <summary>A message: 1,000 input tokens, 5 of them new, and 12 output tokens.</summary>
    public const string Message =
        """{"id":"msg_01","type":"message","role":"assistant","model":"claude-opus-5-5","content":[{"type":"text","text":"Hello there."}],"stop_reason":"end_turn","stop_sequence":null,"stop_details":null,"usage":{"input_tokens":5,"cache_creation_input_tokens":300,"cache_read_input_tokens":695,"cache_creation":{"ephemeral_5m_input_tokens":100,"ephemeral_1h_input_tokens":200},"output_tokens":12,"output_tokens_details":{"thinking_tokens":4},"service_tier":"standard","inference_geo":"global","speed":"standard"}}""";

    /// <summary>The beginning of the events of the same message, with its input tokens.</summary>
    public const string MessageStart =
        """{"type":"message_start","message":{"id":"msg_01","type":"message","role":"assistant","model":"claude-opus-5-5","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":5,"cache_creation_input_tokens":300,"cache_read_input_tokens":695,"cache_creation":{"ephemeral_5m_input_tokens":100,"ephemeral_1h_input_tokens":200},"output_tokens":1,"service_tier":"standard","inference_geo":"global"}}}""";

    /// <summary>The events of the same message: thinking, a ping, the text in two parts, an event of a later version.</summary>
    public static readonly IReadOnlyList<string> Events =
    [
        MessageStart,
        """{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}""",
        """{"type":"ping"}""",
        """{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"Let me see."}}""",
        """{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"EqQBCgIYAhIM"}}""",
        """{"type":"content_block_stop","index":0}""",
        """{"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}""",
        """{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"Hello"}}""",
        """{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":" there."}}""",
        """{"type":"later_event","any":{"thing":1}}""",
        """{"type":"content_block_stop","index":1}""",
        """{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":12,"output_tokens_details":{"thinking_tokens":4}}}""",
        """{"type":"message_stop"}""",
    ];

    /// <summary>
    /// A whole server: a message plain or as events, as the request asks; counted tokens; the list of models.
    /// </summary>
    public static Answer Server => (seen, http) => (seen.Method, PathOf(seen)) switch
    {
        ("POST", "/v1/messages") => (IsStreamed(seen) ? Stream(Events) : Json(Message))(seen, http),
        ("POST", "/v1/messages/count_tokens") => Json("""{"input_tokens":14}""")(seen, http),
        ("GET", "/v1/models") => Json("""{"data":[{"type":"model","id":"claude-opus-5-5","display_name":"Claude Opus 5.5","created_at":"2026-09-22T00:00:00Z"}],"has_more":false,"first_id":"claude-opus-5-5","last_id":"claude-opus-5-5"}""")(seen, http),
        _ => Error(404, "not_found_error", "Not found")(seen, http),
    };

    /// <summary>A body of JSON.</summary>
    public static Answer Json(string json, int status = 200, params (string Name, string Value)[] headers) =>
        Body(json, "application/json", status, headers);

    /// <summary>A refusal in the wire's envelope.</summary>
    public static Answer Error(int status, string type, string message, params (string Name, string Value)[] headers) =>
        Json(ErrorBody(type, message), status, headers);

    /// <summary>The envelope of an error, which is also the data of an event.</summary>
    public static string ErrorBody(string type, string message) =>
        $$"""{"type":"error","error":{"type":"{{type}}","message":{{JsonSerializer.Serialize(message)}}},"request_id":"{{RequestId}}"}""";

    /// <summary>The page with which the edge refuses a large body.</summary>
    public static Answer TooLargeAtTheEdge => Body("<html><body><h1>413 Request Entity Too Large</h1></body></html>", "text/html", 413, []);

    /// <summary>Events, each sent by itself and named by its type.</summary>
    /// <param name="events">The data of each.</param>
    /// <param name="end">What comes after the last one.</param>
    public static Answer Stream(IEnumerable<string> events, StreamEnd end = StreamEnd.InOrder) =>
        Raw(events.Select(each => $"event: {TypeOf(each)}\ndata: {each}\n\n"), end);

    /// <summary>Parts of a body of events, each sent by itself.</summary>
    public static Answer Raw(IEnumerable<string> parts, StreamEnd end = StreamEnd.InOrder) => async (_, http) =>
    {
        http.Response.ContentType = "text/event-stream; charset=utf-8";
        http.Response.Headers["request-id"] = RequestId;
        await http.Response.Body.FlushAsync();
        foreach (var part in parts)
        {
            await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(part));
            await http.Response.Body.FlushAsync();
        }

        if (end == StreamEnd.Broken) http.Abort();
        if (end == StreamEnd.Silent) await UntilHungUpAsync(http);
    };

    private static Answer Body(string body, string contentType, int status, (string Name, string Value)[] headers) => async (_, http) =>
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = contentType;
        http.Response.Headers["request-id"] = RequestId;
        foreach (var (name, value) in headers) http.Response.Headers[name] = value;
        http.Response.ContentLength = Encoding.UTF8.GetByteCount(body);
        await http.Response.WriteAsync(body);
    };

    private static string PathOf(SeenRequest seen) => seen.Target.Split('?')[0];

    private static bool IsStreamed(SeenRequest seen)
    {
        using var json = JsonDocument.Parse(seen.Body);
        return json.RootElement.TryGetProperty("stream", out var stream) && stream.ValueKind == JsonValueKind.True;
    }

    private static string TypeOf(string json)
    {
        using var read = JsonDocument.Parse(json);
        return read.RootElement.GetProperty("type").GetString()!;
    }

    private static async Task UntilHungUpAsync(HttpContext http)
    {
        var hungUp = new TaskCompletionSource();
        using var registration = http.RequestAborted.Register(() => hungUp.TrySetResult());
        await hungUp.Task;
    }
}
