using System.Text.Json;
using System.Text.Json.Nodes;
using AiGateway.Testing;
using Microsoft.AspNetCore.Http;

namespace AiGateway.Api.Tests.Hosting;

/// <summary>Answers for a scripted provider.</summary>
internal static class Answers
{
    /// <summary>A reply with this usage, from the requested model, in the form of the requested endpoint.</summary>
    public static Answer Completion(
        string content = "Hello!", long prompt = 11, long completion = 3, long cached = 0, long reasoning = 0, string finish = "stop") =>
        (request, http) => WriteAsync(http, 200, request.Target.Split('/', '?') switch
        {
            var path when path.Contains("embeddings") => ToEmbeddings(ModelIn(request), prompt),
            var path when path.Contains("responses") => ToResponse(ModelIn(request), content, prompt, completion),
            _ => new
            {
                id = "chatcmpl-1",
                @object = "chat.completion",
                created = 1_700_000_000,
                model = ModelIn(request),
                choices = new[] { new { index = 0, message = new { role = "assistant", content }, finish_reason = finish } },
                usage = new
                {
                    prompt_tokens = prompt,
                    completion_tokens = completion,
                    total_tokens = prompt + completion,
                    prompt_tokens_details = new { cached_tokens = cached },
                    completion_tokens_details = new { reasoning_tokens = reasoning },
                },
            },
        });

    /// <summary>An error in OpenAI's form.</summary>
    public static Answer Error(int status, string message, string type = "server_error", string? code = null, string? param = null, string? retryAfter = null) =>
        (_, http) =>
        {
            if (retryAfter is not null) http.Response.Headers.RetryAfter = retryAfter;
            return WriteAsync(http, status, new { error = new { message, type, param, code } });
        };

    /// <summary>A body as it stands, with the content type of JSON.</summary>
    public static Answer Raw(string body) => (_, http) =>
    {
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(body);
    };

    /// <summary>Closes the connection without a response.</summary>
    public static Task Drop(SeenRequest request, HttpContext http)
    {
        http.Abort();
        return Task.CompletedTask;
    }

    /// <summary>Sends nothing until the gateway gives up.</summary>
    public static Task Hang(SeenRequest request, HttpContext http) => UntilAbortedAsync(http);

    /// <summary>Waits for the signal, and then answers.</summary>
    public static Answer After(Task signal, Answer then) => async (request, http) =>
    {
        await Task.WhenAny(signal, UntilAbortedAsync(http));
        if (!http.RequestAborted.IsCancellationRequested) await then(request, http);
    };

    private static async Task UntilAbortedAsync(HttpContext http)
    {
        var aborted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = http.RequestAborted.Register(aborted.SetResult);
        await aborted.Task;
    }

    private static object ToEmbeddings(string model, long prompt) => new
    {
        @object = "list",
        model,
        data = new[] { new { @object = "embedding", index = 0, embedding = new[] { 0.25, -0.5 } } },
        usage = new { prompt_tokens = prompt, total_tokens = prompt },
    };

    private static object ToResponse(string model, string text, long prompt, long completion) => new
    {
        id = $"resp_{Guid.CreateVersion7(TimeProvider.System.GetUtcNow()):N}",
        @object = "response",
        created_at = 1_700_000_000,
        status = "completed",
        model,
        output = new[] { new { id = "msg_1", type = "message", role = "assistant", content = new[] { new { type = "output_text", text } } } },
        usage = new { input_tokens = prompt, output_tokens = completion, total_tokens = prompt + completion },
    };

    private static string ModelIn(SeenRequest request) =>
        request.Body.Length == 0 ? "none" : JsonNode.Parse(request.Body)?["model"]?.GetValue<string>() ?? "none";

    private static Task WriteAsync(HttpContext http, int status, object body)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(JsonSerializer.Serialize(body));
    }
}
