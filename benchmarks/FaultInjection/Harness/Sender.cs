using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace AiGateway.FaultInjection.Harness;

/// <summary>By which API a request comes, and how it is answered.</summary>
internal enum Manner
{
    Chat,
    ChatStreamed,
    Native,
    NativeStreamed,
}

/// <summary>What became of a request, as its sender saw it.</summary>
/// <param name="Name">The load's own name for the request.</param>
/// <param name="Status">The HTTP status; 0: the connection failed.</param>
/// <param name="Code">The error's code.</param>
/// <param name="HasRetryAfter">Whether it says when to come back.</param>
/// <param name="IsWhole">Whether the answer came to its proper end.</param>
/// <param name="Took">From sending to the end of the answer.</param>
internal sealed record Reply(string Name, int Status, string? Code, bool HasRetryAfter, bool IsWhole, TimeSpan Took)
{
    public bool IsRefused => Status is >= 400 and < 600;

    /// <summary>Refused by a limit.</summary>
    public bool IsOverLimit => this is { Status: 429, Code: "quota_exceeded" or "insufficient_quota" };

    /// <summary>Refused because the ledger did not answer in time, as the gateway says it may.</summary>
    public bool IsUnavailable => this is { Status: 503, Code: "ledger_unavailable", HasRetryAfter: true };
}

/// <summary>Sends single requests, each under a name that is used once.</summary>
internal sealed class Sender : IDisposable
{
    /// <summary>Output tokens that every request may use; streams use fewer.</summary>
    public const int MaxTokens = 200;

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseCookies = false }) { Timeout = TimeSpan.FromMinutes(3) };
    private long _lastNumber;

    /// <summary>A name that nobody has.</summary>
    public string NextName() => string.Create(CultureInfo.InvariantCulture, $"r{Interlocked.Increment(ref _lastNumber):D8}");

    public static string Body(string name, Manner manner)
    {
        var isStreamed = manner is Manner.ChatStreamed or Manner.NativeStreamed ? "true" : "false";
        return manner is Manner.Chat or Manner.ChatStreamed
            ? $$"""{"model":"gpt-6-luna","user":"{{name}}","stream":{{isStreamed}},"max_completion_tokens":{{MaxTokens}},"messages":[{"role":"user","content":"Tell me about the quick brown fox."}]}"""
            : $$$"""{"model":"gpt-6-luna","user":"{{{name}}}","stream":{{{isStreamed}}},"options":{"maxTokens":{{{MaxTokens}}}},"prompt":"Tell me about the quick brown fox."}""";
    }

    /// <summary>Sends one request and reads its answer to the end.</summary>
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

    /// <summary>The same under a new name whenever the ledger is not there.</summary>
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

    /// <summary>A client library may send a request again on its own when a connection breaks; here each name goes out once.</summary>
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
