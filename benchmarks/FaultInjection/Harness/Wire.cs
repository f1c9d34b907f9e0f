using System.Net;
using System.Net.Sockets;

namespace AiGateway.FaultInjection.Harness;

/// <summary>A connection to a server with an adjustable delay.</summary>
internal sealed class Wire : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Task _accepting;
    private long _delayTicks;

    public Wire(IPEndPoint server)
    {
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync(server);
    }

    public int Port { get; }

    /// <summary>The delay of everything that is sent, in each direction.</summary>
    public TimeSpan Delay
    {
        get => new(Interlocked.Read(ref _delayTicks));
        set => Interlocked.Exchange(ref _delayTicks, value.Ticks);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
        _end.Dispose();
    }

    private async Task AcceptAsync(IPEndPoint server)
    {
        var connections = new List<Task>();
        try
        {
            while (true) connections.Add(ConnectAsync(await _listener.AcceptTcpClientAsync(_end.Token), server));
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ConnectAsync(TcpClient client, IPEndPoint server)
    {
        using (client)
        using (var upstream = new TcpClient { NoDelay = true })
        {
            try
            {
                client.NoDelay = true;
                await upstream.ConnectAsync(server, _end.Token);
                var (near, far) = (client.GetStream(), upstream.GetStream());

                // When one side closes, the other side is closed as well.
                await Task.WhenAny(PumpAsync(near, far), PumpAsync(far, near));
            }
            catch (Exception broken) when (broken is OperationCanceledException or SocketException or IOException)
            {
                // The client sees that its connection ends.
            }
        }
    }

    private async Task PumpAsync(NetworkStream from, NetworkStream to)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            for (int count; (count = await from.ReadAsync(buffer, _end.Token)) > 0;)
            {
                if (Delay > TimeSpan.Zero) await Task.Delay(Delay, TimeProvider.System, _end.Token);
                await to.WriteAsync(buffer.AsMemory(0, count), _end.Token);
            }
        }
        catch (Exception broken) when (broken is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // This direction has ended.
        }
    }
}
