using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace AiGateway.Infrastructure.Tests.Ledger.Engines;

/// <summary>
/// A proxy between a driver and PostgreSQL. It counts the messages that ask the server for a reply. Each such message is one round trip.
/// </summary>
internal sealed class CountingProxy : IAsyncDisposable
{
    private const byte Sync = (byte)'S';
    private const byte SimpleQuery = (byte)'Q';

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly int _serverPort;
    private readonly Task _accepting;
    private int _roundTrips;

    public CountingProxy(int serverPort)
    {
        _serverPort = serverPort;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int RoundTrips => Volatile.Read(ref _roundTrips);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                using var server = new TcpClient();
                await server.ConnectAsync(IPAddress.Loopback, _serverPort, _stop.Token);
                client.NoDelay = server.NoDelay = true;
                await Task.WhenAny(CountAsync(client.GetStream(), server.GetStream()), server.GetStream().CopyToAsync(client.GetStream(), _stop.Token));
            }
        }
        catch (Exception) when (_stop.IsCancellationRequested)
        {
            // The test has ended.
        }
    }

    /// <summary>The first message opens the session and has no type. Every other message begins with its type and its length.</summary>
    private async Task CountAsync(NetworkStream client, NetworkStream server)
    {
        var header = new byte[5];
        for (var start = 1; ; start = 0)
        {
            await client.ReadExactlyAsync(header.AsMemory(start), _stop.Token);
            var body = new byte[BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(1)) - 4];
            await client.ReadExactlyAsync(body, _stop.Token);

            // A message is counted before the server can answer it.
            if (start == 0 && header[0] is Sync or SimpleQuery) Interlocked.Increment(ref _roundTrips);
            await server.WriteAsync(header.AsMemory(start), _stop.Token);
            await server.WriteAsync(body, _stop.Token);
        }
    }
}
