using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace AiGateway.Infrastructure.Tests.Ledger.Engines;

/// <summary>
/// Stands between a driver and PostgreSQL and counts the messages that ask the server for its answer: each is one round trip.
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
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    /// <summary>The first message, which opens the session, has no type; all others have one, and then their length.</summary>
    private async Task CountAsync(NetworkStream client, NetworkStream server)
    {
        var header = new byte[5];
        for (var start = 1; ; start = 0)
        {
            await client.ReadExactlyAsync(header.AsMemory(start), _stop.Token);
            var body = new byte[BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(1)) - 4];
            await client.ReadExactlyAsync(body, _stop.Token);

            // Counted before it can be answered.
            if (start == 0 && header[0] is Sync or SimpleQuery) Interlocked.Increment(ref _roundTrips);
            await server.WriteAsync(header.AsMemory(start), _stop.Token);
            await server.WriteAsync(body, _stop.Token);
        }
    }
}
