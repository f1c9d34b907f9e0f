using AiGateway.Testing;
using Microsoft.AspNetCore.Http;

namespace AiGateway.Infrastructure.Tests.Providers;

/// <summary>Answers of a provider, valid and faulty.</summary>
internal static class Answers
{
    public const string Completion =
        """{"id":"chatcmpl-1","object":"chat.completion","created":1790000000,"model":"gpt-test-0901","choices":[{"index":0,"message":{"role":"assistant","content":"Hello.","refusal":null},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":3,"total_tokens":12}}""";

    public static Answer Ok => Json(Completion);

    public static Answer Json(string body, int status = 200, params (string Name, string Value)[] headers) =>
        Body(body, "application/json", status, headers);

    public static Answer Html(int status) => Body("<html><body>nginx CANARY-PAGE</body></html>", "text/html", status);

    public static Answer Status(int status, params (string Name, string Value)[] headers) =>
        Json("""{"error":{"message":"CANARY-MESSAGE","type":"some_type","param":null,"code":null}}""", status, headers);

    public static Answer Body(string body, string contentType, int status, params (string Name, string Value)[] headers) => async (_, http) =>
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = contentType;
        foreach (var (name, value) in headers) http.Response.Headers[name] = value;
        http.Response.ContentLength = System.Text.Encoding.UTF8.GetByteCount(body);
        await http.Response.WriteAsync(body);
    };

    /// <summary>Never answers. It ends when the gateway closes the connection.</summary>
    public static Answer Hang => (_, http) => UntilHungUpAsync(http);

    /// <summary>Sends the status and a part of the body, and then nothing more.</summary>
    public static Answer HangAfter(string partOfBody, string contentType = "application/json") => async (_, http) =>
    {
        http.Response.ContentType = contentType;
        await http.Response.WriteAsync(partOfBody);
        await http.Response.Body.FlushAsync();
        await UntilHungUpAsync(http);
    };

    /// <summary>Closes the connection without a response.</summary>
    public static Answer Drop => (_, http) =>
    {
        http.Abort();
        return Task.CompletedTask;
    };

    /// <summary>A reply that begins validly and never ends.</summary>
    public static Answer Endless => async (_, http) =>
    {
        http.Response.ContentType = "application/json";
        await Flood(http);
    };

    /// <summary>Writes blanks until the gateway closes the connection.</summary>
    public static async Task Flood(HttpContext http)
    {
        var blank = new byte[1024 * 1024];
        Array.Fill(blank, (byte)' ');
        while (!http.RequestAborted.IsCancellationRequested) await http.Response.Body.WriteAsync(blank);
    }

    private static async Task UntilHungUpAsync(HttpContext http)
    {
        var hungUp = new TaskCompletionSource();
        using var registration = http.RequestAborted.Register(() => hungUp.TrySetResult());
        await hungUp.Task;
    }
}
