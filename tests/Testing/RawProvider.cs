using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AiGateway.Testing;

/// <summary>
/// A provider that writes exactly the given bytes, valid or not, and then closes the connection. The bytes arrive in full, because the
/// connection is closed properly.
/// </summary>
public sealed class RawProvider : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly byte[] _answer;
    private readonly Task _serving;
    private int _requests;

    public RawProvider(string answer)
        : this(Encoding.UTF8.GetBytes(answer))
    {
    }

    public RawProvider(byte[] answer)
    {
        _answer = answer;
        _listener.Start();
        Address = new Uri($"http://{_listener.LocalEndpoint}");
        _serving = ServeAsync();
    }

    public Uri Address { get; }

    public int Requests => _requests;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _serving;
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_end.Token);
                var stream = client.GetStream();
                await ReadRequestAsync(stream);
                Interlocked.Increment(ref _requests);
                await stream.WriteAsync(_answer, _end.Token);
                client.Client.Shutdown(SocketShutdown.Send);

                // Waits until the gateway has closed its side. Closing a socket with unread bytes would discard what was sent.
                while (await stream.ReadAsync(new byte[1024], _end.Token) > 0)
                {
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The test has ended.
        }
    }

    private async Task ReadRequestAsync(NetworkStream stream)
    {
        var text = new StringBuilder();
        var buffer = new byte[16 * 1024];
        while (!IsWhole(text.ToString()))
        {
            var read = await stream.ReadAsync(buffer, _end.Token);
            if (read == 0) return;
            text.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }
    }

    // The JSON of every call ends with the closing brace of the whole object. No shorter part of these bodies ends with a brace.
    private static bool IsWhole(string request) =>
        request.Contains("\r\n\r\n", StringComparison.Ordinal) && request.EndsWith('}');
}
