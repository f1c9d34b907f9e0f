using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using AiGateway.SideBySide.Targets;

namespace AiGateway.SideBySide.Loads;

/// <summary>Sends bounded load and measures the times. Requests take turns over the targets, and with each turn over the keys.</summary>
internal sealed class Load : IDisposable
{
    private const string ChatPath = "/v1/chat/completions";

    private static readonly byte[] Plain = Encoding.UTF8.GetBytes(
        """{"model":"gpt-6-luna","messages":[{"role":"system","content":"You are terse."},{"role":"user","content":"Tell me about the quick brown fox."}],"max_completion_tokens":100}""");

    private static readonly byte[] Streamed = Encoding.UTF8.GetBytes(
        """{"model":"gpt-6-luna","stream":true,"messages":[{"role":"user","content":"Tell me about the quick brown fox."}],"max_completion_tokens":100,"stream_options":{"include_usage":true}}""");

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false }) { Timeout = TimeSpan.FromMinutes(5) };
    private readonly Uri[] _addresses;
    private readonly AuthenticationHeaderValue?[] _keys;
    private int _turn = -1;
    private int _refusals;

    /// <param name="target">The target of all requests.</param>
    public Load(Target target) : this([target], [target.Key])
    {
    }

    /// <param name="targets">The targets.</param>
    /// <param name="keys">The keys of the callers; null for a caller without one.</param>
    public Load(IEnumerable<Target> targets, IEnumerable<string?> keys)
    {
        _addresses = [.. targets.Select(each => new Uri(each.Address, ChatPath))];
        _keys = [.. keys.Select(each => each is null ? null : new AuthenticationHeaderValue("Bearer", each))];
    }

    /// <summary>Whether refusals of a gateway that has too much to do are counted. Otherwise the first one ends the load.</summary>
    public bool CountsRefusals { get; init; }

    /// <summary>The number of refused requests so far.</summary>
    public int Refusals => _refusals;

    /// <summary>Sends one plain request and reads its response.</summary>
    public async Task PlainAsync()
    {
        using var response = await PostAsync(Plain, HttpCompletionOption.ResponseContentRead);
    }

    /// <summary>Sends plain requests for this time over this number of connections. Returns the number of requests.</summary>
    public async Task<long> PlainForAsync(TimeSpan time, int connections)
    {
        var startedAt = Stopwatch.GetTimestamp();
        var count = 0L;
        await Task.WhenAll(Enumerable.Range(0, connections).Select(async _ =>
        {
            while (Stopwatch.GetElapsedTime(startedAt) < time)
            {
                await PlainAsync();
                Interlocked.Increment(ref count);
            }
        }));
        return count;
    }

    /// <summary>The times of plain requests in milliseconds, over this number of connections.</summary>
    public async Task<double[]> PlainAsync(int requests, int connections)
    {
        var times = new double[requests];
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, connections).Select(async _ =>
        {
            for (var i = Interlocked.Increment(ref next); i < requests; i = Interlocked.Increment(ref next))
            {
                var startedAt = Stopwatch.GetTimestamp();
                await PlainAsync();
                times[i] = Stopwatch.GetElapsedTime(startedAt).TotalMilliseconds;
            }
        }));
        return times;
    }

    /// <summary>Opens this number of slow streams at once and reads each to its end.</summary>
    /// <param name="streams">The number of streams.</param>
    /// <param name="time">How long each of them takes.</param>
    public Task SlowStreamsAsync(int streams, TimeSpan time)
    {
        var body = Encoding.UTF8.GetBytes(Upstream.SlowRequest(time));
        return Task.WhenAll(Enumerable.Range(0, streams).Select(async _ =>
        {
            using var response = await PostAsync(body, HttpCompletionOption.ResponseHeadersRead);
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
            var last = "";
            while (await reader.ReadLineAsync() is { } line) last = line.Length > 0 ? line : last;
            if (last != "data: [DONE]") throw new InvalidOperationException("A stream ended without [DONE].");
        }));
    }

    /// <summary>The times to the first chunk and the gaps between chunks, in milliseconds, of a few concurrent streams.</summary>
    public async Task<(double[] First, double[] Gaps)> StreamsAsync(int streams, int connections)
    {
        var first = new double[streams];
        var gaps = new double[streams][];
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, connections).Select(async _ =>
        {
            for (var i = Interlocked.Increment(ref next); i < streams; i = Interlocked.Increment(ref next))
                (first[i], gaps[i]) = await StreamAsync();
        }));
        return (first, [.. gaps.SelectMany(each => each)]);
    }

    public void Dispose() => _http.Dispose();

    private async Task<(double First, double[] Gaps)> StreamAsync()
    {
        var startedAt = Stopwatch.GetTimestamp();
        using var response = await PostAsync(Streamed, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        var at = new List<double>(Upstream.Chunks + 2);
        var isDone = false;
        while (await reader.ReadLineAsync() is { } line)
        {
            if (!line.StartsWith("data:", StringComparison.Ordinal)) continue;
            isDone = line == "data: [DONE]";
            at.Add(Stopwatch.GetElapsedTime(startedAt).TotalMilliseconds);
        }

        if (!isDone) throw new InvalidOperationException("A stream ended without [DONE].");
        return (at[0], [.. at.Take(Upstream.Chunks).Zip(at.Skip(1).Take(Upstream.Chunks - 1), (before, after) => after - before)]);
    }

    private async Task<HttpResponseMessage> PostAsync(byte[] body, HttpCompletionOption completion)
    {
        var turn = (uint)Interlocked.Increment(ref _turn);
        using var request = new HttpRequestMessage(HttpMethod.Post, _addresses[turn % _addresses.Length]) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Authorization = _keys[turn / _addresses.Length % _keys.Length];
        var response = await _http.SendAsync(request, completion);
        if (response.IsSuccessStatusCode) return response;
        var refusal = $"{request.RequestUri}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}";
        if (CountsRefusals && response.StatusCode is (HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests))
        {
            if (Interlocked.Increment(ref _refusals) == 1) Progress.Say($"refused: {refusal}");
            return response;
        }

        response.Dispose();
        throw new InvalidOperationException(refusal);
    }
}
