using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace AiGateway.Conformance.Tests.Hosting;

/// <summary>A stream that a test reads from the socket at its own pace.</summary>
internal sealed class RawStream : IDisposable
{
    private const int SmallBuffer = 64 * 1024;

    private readonly HttpClient _http;
    private readonly HttpResponseMessage _response;

    private RawStream(HttpClient http, HttpResponseMessage response, Stream body) => (_http, _response, Body) = (http, response, body);

    public Stream Body { get; }

    /// <summary>Opens a stream, and returns once its headers have come.</summary>
    public static async Task<RawStream> OpenAsync(ApiTarget target, string text)
    {
        var http = new HttpClient(new SocketsHttpHandler { ConnectCallback = ConnectAsync }) { Timeout = Timeout.InfiniteTimeSpan };
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"{target.BaseUrl}/chat/completions"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", target.Key);
        var body = JsonSerializer.Serialize(new { model = TestPrices.Plain, stream = true, max_tokens = 100_000, messages = new[] { new { role = "user", content = text } } });
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        if (!response.IsSuccessStatusCode) throw new HttpRequestException($"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        return new RawStream(http, response, await response.Content.ReadAsStreamAsync());
    }

    /// <summary>Reads to the end. Returns the number of bytes, and the last of them as text.</summary>
    public async Task<(long Read, string End)> DrainAsync()
    {
        const int EndLength = 200;
        var buffer = new byte[SmallBuffer];
        var end = "";
        long total = 0;
        for (var read = await Body.ReadAsync(buffer); read > 0; read = await Body.ReadAsync(buffer))
        {
            total += read;
            end += Encoding.UTF8.GetString(buffer, Math.Max(0, read - EndLength), Math.Min(read, EndLength));
            end = end[^Math.Min(end.Length, EndLength)..];
        }

        return (total, end);
    }

    /// <summary>Reads until the connection is cut. Fails if the reply ends properly.</summary>
    public async Task<string> ReadUntilCutAsync()
    {
        var text = new StringBuilder();
        var buffer = new byte[SmallBuffer];
        try
        {
            for (var read = await Body.ReadAsync(buffer); read > 0; read = await Body.ReadAsync(buffer))
                text.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }
        catch (IOException)
        {
            return text.ToString();
        }

        throw new AssertionException($"The reply ends properly: {text}");
    }

    /// <summary>Reads until this text has come.</summary>
    public async Task ReadUntilAsync(string text)
    {
        var seen = new StringBuilder();
        var buffer = new byte[1024];
        while (!seen.ToString().Contains(text, StringComparison.Ordinal))
        {
            var read = await Body.ReadAsync(buffer);
            if (read == 0) throw new EndOfStreamException($"The stream ended without {text}.");
            seen.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }
    }

    public void Dispose()
    {
        Body.Dispose();
        _response.Dispose();
        _http.Dispose();
    }

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveBufferSize = SmallBuffer };
        await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }
}
