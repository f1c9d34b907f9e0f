using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiGateway.StandIn.Replies;
using AiGateway.StandIn.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace AiGateway.StandIn;

/// <summary>One request, and the methods that write its reply.</summary>
internal sealed class Exchange(HttpContext context, RecordedRequest request, ReplyScript script, TimeProvider time)
{
    // As OpenAI does, this does not escape characters beyond ASCII.
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public RecordedRequest Request { get; } = request;

    public TimeProvider Time { get; } = time;

    public long CreatedAt { get; } = time.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>A new id for an object of this request. It differs from the ids of other runs of the stand-in.</summary>
    public string NewId(string prefix) =>
        string.Create(CultureInfo.InvariantCulture, $"{prefix}{Request.ReceivedAt.UtcTicks:x}{Request.Number:x8}");

    /// <summary>Cancelled when the client leaves.</summary>
    public CancellationToken ClientLeft => context.RequestAborted;

    private bool SpeaksAnthropic => Request.Headers.ContainsKey("anthropic-version") || Request.Path.StartsWith("/v1/messages", StringComparison.Ordinal);

    private string RequestId => string.Create(CultureInfo.InvariantCulture, $"req_{Request.Number:x8}");

    public static string ToText(JsonNode json) => json.ToJsonString(Json);

    /// <summary>The plan that the test has set; else the plan in the text; else a plain reply.</summary>
    public ReplyPlan PlanFor(string? text) => script.Next(Request) ?? PlanWord.Read(text).Plan;

    /// <summary>Does what the plan asks for before the reply.</summary>
    /// <returns>False if that was the whole reply.</returns>
    public async Task<bool> OpenAsync(ReplyPlan plan)
    {
        if (plan.Wait > TimeSpan.Zero) await Task.Delay(plan.Wait, Time, ClientLeft);
        await plan.Until.WaitAsync(ClientLeft);
        if (plan.Hang) await Task.Delay(Timeout.InfiniteTimeSpan, Time, ClientLeft);
        if (plan.Drop)
        {
            Cut();
            return false;
        }

        if (plan.Html)
        {
            await WriteAsync(plan.Status ?? 200, "text/html", "<html><body><h1>Bad gateway</h1></body></html>");
            return false;
        }

        if (plan.Status is not { } status) return true;
        if (plan.RetryAfter is { } wait) context.Response.Headers.RetryAfter = wait;
        if (plan.RetryAfterMs is { } milliseconds) context.Response.Headers["retry-after-ms"] = milliseconds;
        await RefuseAsync(new Refusal(status, $"This is the failure {status} that was asked for.") { Type = plan.ErrorType, Code = plan.ErrorCode });
        return false;
    }

    public Task SendAsync(JsonNode body, ReplyPlan plan)
    {
        var text = ToText(body);
        return WriteAsync(200, "application/json", plan.Malformed ? text[..(text.Length / 2)] : text);
    }

    public Task RefuseAsync(Refusal refusal) =>
        WriteAsync(refusal.Status, "application/json", ToText(SpeaksAnthropic ? refusal.ToAnthropicJson(RequestId) : refusal.ToJson()));

    /// <summary>Starts a stream of server-sent events.</summary>
    public void OpenStream()
    {
        SetHeaders(200, "text/event-stream; charset=utf-8");
        context.Response.Headers.CacheControl = "no-cache";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
    }

    /// <summary>Sends bytes at once, and returns when the operating system has taken them.</summary>
    public async Task SendBytesAsync(ReadOnlyMemory<byte> bytes)
    {
        await context.Response.BodyWriter.WriteAsync(bytes, ClientLeft);
        ClientLeft.ThrowIfCancellationRequested();
        Request.NoteBytes(bytes.Length);
    }

    /// <summary>Closes the connection before the end of the reply.</summary>
    public void Cut()
    {
        Request.MarkCut();
        context.Abort();
    }

    private async Task WriteAsync(int status, string contentType, string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        SetHeaders(status, contentType);
        context.Response.ContentLength = bytes.Length;
        await SendBytesAsync(bytes);
    }

    private void SetHeaders(int status, string contentType)
    {
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = contentType;
        response.Headers[SpeaksAnthropic ? "request-id" : "x-request-id"] = RequestId;
        if (SpeaksAnthropic) return;
        response.Headers["openai-version"] = "2020-10-01";
        response.Headers["openai-organization"] = "stand-in";
        response.Headers["openai-processing-ms"] = "1";
        response.Headers["x-ratelimit-limit-requests"] = "10000";
        response.Headers["x-ratelimit-remaining-requests"] = "9999";
        response.Headers["x-ratelimit-reset-requests"] = "6ms";
    }
}
