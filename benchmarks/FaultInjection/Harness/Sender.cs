using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace AiGateway.FaultInjection.Harness;

/// <summary>The API of a request, and whether it is streamed.</summary>
internal enum Manner
{
    Chat,
    ChatStreamed,
    Native,
    NativeStreamed,
}

/// <summary>The result of a request, as its sender saw it.</summary>
/// <param name="Name">The load's own name for the request.</param>
/// <param name="Status">The HTTP status; 0 if the connection failed.</param>
/// <param name="Code">The error code.</param>
/// <param name="HasRetryAfter">Whether the reply has the header Retry-After.</param>
/// <param name="IsWhole">Whether the reply came to its proper end.</param>
/// <param name="Took">The time from sending to the end of the reply.</param>
internal sealed record Reply(string Name, int Status, string? Code, bool HasRetryAfter, bool IsWhole, TimeSpan Took)
{
    public bool IsRefused => Status is >= 400 and < 600;

    /// <summary>Whether a limit refused the request.</summary>
    public bool IsOverLimit => this is { Status: 429, Code: "quota_exceeded" or "insufficient_quota" };

    /// <summary>Whether the request was refused because the ledger did not answer in time, in the documented form.</summary>
    public bool IsUnavailable => this is { Status: 503, Code: "ledger_unavailable", HasRetryAfter: true };
}

/// <summary>Sends single requests. Each has a name that is used once.</summary>
internal sealed class Sender : IDisposable
{
    /// <summary>The output limit of every request. Streams use fewer tokens.</summary>
    public const int MaxTokens = 200;

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseCookies = false }) { Timeout = TimeSpan.FromMinutes(3) };
    private long _lastNumber;

    /// <summary>A new name.</summary>
    public string NextName() => string.Create(CultureInfo.InvariantCulture, $"r{Interlocked.Increment(ref _lastNumber):D8}");

    public static string Body(string name, Manner manner)
    {
        var isStreamed = manner is Manner.ChatStreamed or Manner.NativeStreamed ? "true" : "false";
        return manner is Manner.Chat or Manner.ChatStreamed
            ? $$"""{"model":"gpt-6-luna","user":"{{name}}","stream":{{isStreamed}},"max_completion_tokens":{{MaxTokens}},"messages":[{"role":"user","content":"Tell me about the quick brown fox."}]}"""
            : $$$"""{"model":"gpt-6-luna","user":"{{{name}}}","stream":{{{isStreamed}}},"options":{"maxTokens":{{{MaxTokens}}}},"prompt":"Tell me about the quick brown fox."}""";
    }

    /// <summary>Sends one request and reads its reply to the end.</summary>
    public async Task<Reply> SendAsync(Uri gateway, Payer payer, string name, Manner manner)
    {
        var path = manner is Manner.Chat or Manner.ChatStreamed ? "/v1/chat/completions" : "/api/v1/ai/generate";
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway, path)) { Content = new SentOnce(Body(name, manner)) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", payer.Key);
        var startedAt = Stopwatch.GetTimestamp();
        var (status, hasRetryAfter) = (0, false);
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            (status, hasRetryAfter) = ((int)response.StatusCode, response.Headers.RetryAfter is not null);
            var text = await response.Content.ReadAsStringAsync();
            return new Reply(name, status, CodeIn(status, text), hasRetryAfter, IsWhole(manner, text), Stopwatch.GetElapsedTime(startedAt));
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or InvalidOperationException or OperationCanceledException)
        {
            return new Reply(name, status, null, hasRetryAfter, false, Stopwatch.GetElapsedTime(startedAt));
        }
    }

    /// <summary>Sends a request, and repeats it under a new name while the ledger is unavailable.</summary>
    public async Task<Reply> SendUntilDecidedAsync(Uri gateway, Payer payer, Manner manner)
    {
        while (true)
        {
            var answer = await SendAsync(gateway, payer, NextName(), manner);
            if (!answer.IsUnavailable) return answer;
        }
    }

    public void Dispose() => _http.Dispose();

    private static bool IsWhole(Manner manner, string text) => manner switch
    {
        Manner.ChatStreamed => text.TrimEnd().EndsWith("data: [DONE]", StringComparison.Ordinal),
        Manner.NativeStreamed => text.Contains("event: done", StringComparison.Ordinal),
        _ => true,
    };

    private static string? CodeIn(int status, string text)
    {
        if (status < 400) return null;
        try
        {
            var json = JsonElement.Parse(text);
            return (json.TryGetProperty("error", out var error) ? error : json).GetProperty("code").GetString();
        }
        catch (Exception malformed) when (malformed is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return $"malformed: {text}";
        }
    }

    /// <summary>A content that cannot be sent twice. A client library may otherwise repeat a request when a connection breaks.</summary>
    private sealed class SentOnce : HttpContent
    {
        private readonly byte[] _body;
        private int _sent;

        public SentOnce(string body)
        {
            _body = Encoding.UTF8.GetBytes(body);
            Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            Interlocked.Exchange(ref _sent, 1) == 0
                ? stream.WriteAsync(_body).AsTask()
                : throw new InvalidOperationException("It has been sent already.");

        protected override bool TryComputeLength(out long length)
        {
            length = _body.Length;
            return true;
        }
    }
}
