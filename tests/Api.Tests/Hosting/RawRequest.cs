using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace AiGateway.Api.Tests.Hosting;

/// <summary>A request whose bytes a test sends piece by piece, on its own connection.</summary>
internal sealed class RawRequest : IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);
    private readonly TcpClient _client = new();

    private RawRequest()
    {
    }

    /// <summary>Sends the head of a POST of JSON and the first part of its body.</summary>
    /// <param name="caller">The client whose address and credentials are used.</param>
    /// <param name="path">The path of the request.</param>
    /// <param name="length">The stated length of the body.</param>
    /// <param name="part">The first part of the body.</param>
    public static async Task<RawRequest> BeginAsync(GatewayClient caller, string path, int length, string part)
    {
        var request = new RawRequest();
        await request._client.ConnectAsync(caller.Address.Host, caller.Address.Port);
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"POST {path} HTTP/1.1\r\nHost: {caller.Address.Authority}\r\nAuthorization: Bearer {caller.Credentials}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n");
        await request.SendAsync(head + part);
        return request;
    }

    /// <summary>Sends a body without its last bytes.</summary>
    public static Task<RawRequest> BeginAsync(GatewayClient caller, string path, string body, int withheld) =>
        BeginAsync(caller, path, Encoding.UTF8.GetByteCount(body), body[..^withheld]);

    public async Task SendAsync(string text) => await _client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(text));

    /// <summary>The reply so far, once its head has come, and its body if the length is stated.</summary>
    public async Task<string> ReplyAsync()
    {
        var text = new StringBuilder();
        var buffer = new byte[16 * 1024];
        using var bound = new CancellationTokenSource(Bound, TimeProvider.System);
        while (!IsWhole(text.ToString()))
        {
            var count = await _client.GetStream().ReadAsync(buffer, bound.Token);
            if (count == 0) break;
            text.Append(Encoding.UTF8.GetString(buffer, 0, count));
        }

        return text.ToString();
    }

    /// <summary>Everything that came until the gateway closed or aborted the connection.</summary>
    /// <param name="signalAt">The text at which to call <paramref name="signal"/>; null for never.</param>
    /// <param name="signal">Called when that text has come.</param>
    public async Task<string> ReadToEndAsync(string? signalAt = null, Action? signal = null)
    {
        var text = new MemoryStream();
        var buffer = new byte[16 * 1024];
        using var bound = new CancellationTokenSource(Bound, TimeProvider.System);
        try
        {
            while (await _client.GetStream().ReadAsync(buffer, bound.Token) is var count && count > 0)
            {
                text.Write(buffer, 0, count);
                if (signalAt is null || !Encoding.UTF8.GetString(text.ToArray()).Contains(signalAt, StringComparison.Ordinal)) continue;
                signal?.Invoke();
                signalAt = null;
            }
        }
        catch (IOException)
        {
            // The connection was aborted.
        }

        return WithoutChunks(Encoding.UTF8.GetString(text.ToArray()));
    }

    public void Dispose() => _client.Dispose();

    // The chunks of the transfer encoding have their lengths on their own lines.
    private static string WithoutChunks(string text) =>
        string.Concat(text[(text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..].Split("\r\n").Where((_, index) => index % 2 == 1));

    private static bool IsWhole(string text)
    {
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        return end >= 0 && (text[end..].Contains("\r\n0\r\n", StringComparison.Ordinal) || text[end..].Contains('}', StringComparison.Ordinal));
    }
}
