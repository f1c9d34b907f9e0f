using System.Net;
using System.Net.Sockets;

namespace AiGateway.Infrastructure.Providers.Http;

/// <summary>
/// Connects to a host by the first of its addresses that answers. A further address is tried when the one before is silent for
/// a moment, so a dead IPv6 or IPv4 address does not use up the time of a call (RFC 8305).
/// </summary>
/// <param name="resolve">Finds the addresses of a host.</param>
/// <param name="connect">Connects to one address.</param>
/// <param name="time">The clock.</param>
internal sealed class AddressRace(
    Func<string, CancellationToken, Task<IPAddress[]>> resolve, Func<IPEndPoint, CancellationToken, Task<Stream>> connect, TimeProvider time)
{
    /// <summary>The lead of each address before the next one.</summary>
    public static readonly TimeSpan Lead = TimeSpan.FromMilliseconds(250);

    /// <summary>Time limit for all addresses together.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>The race over real sockets. Its waits are for the network, so it does not use the gateway's clock.</summary>
    public static readonly AddressRace OfSockets = new(Dns.GetHostAddressesAsync, ConnectSocketAsync, TimeProvider.System);

    /// <exception cref="SocketException">No address answered.</exception>
    public async Task<Stream> ConnectAsync(DnsEndPoint host, CancellationToken cancellationToken)
    {
        var addresses = IPAddress.TryParse(host.Host, out var literal) ? [literal] : Alternate(await resolve(host.Host, cancellationToken));
        if (addresses.Count == 0) throw new SocketException((int)SocketError.HostNotFound);
        using var limit = new CancellationTokenSource(Limit, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var running = new List<Task<Result>>(addresses.Count);
        try
        {
            return await RunAsync([.. addresses.Select(address => new IPEndPoint(address, host.Port))], running, end.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SocketException((int)SocketError.TimedOut);
        }
        finally
        {
            // The losers end by the cancellation. One that connected all the same is closed.
            await end.CancelAsync();
            foreach (var loser in running) _ = CloseAsync(loser);
        }
    }

    private async Task<Stream> RunAsync(IPEndPoint[] targets, List<Task<Result>> running, CancellationToken cancellationToken)
    {
        for (var next = 0; ;)
        {
            if (next < targets.Length) running.Add(TryAsync(targets[next++], cancellationToken));
            using var awake = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var lead = Task.Delay(next < targets.Length ? Lead : Timeout.InfiniteTimeSpan, time, awake.Token);
            var first = await Task.WhenAny([.. running, lead]);
            await awake.CancelAsync();
            cancellationToken.ThrowIfCancellationRequested();
            if (first is not Task<Result> attempt) continue;
            running.Remove(attempt);
            var result = await attempt;
            if (result.Stream is { } stream) return stream;
            if (next == targets.Length && running.Count == 0) throw result.Failure!;
        }
    }

    private async Task<Result> TryAsync(IPEndPoint target, CancellationToken cancellationToken)
    {
        try
        {
            return new(await connect(target, cancellationToken), null);
        }
        catch (Exception failure) when (failure is SocketException or OperationCanceledException)
        {
            return new(null, failure);
        }
    }

    private static async Task CloseAsync(Task<Result> loser)
    {
        if ((await loser).Stream is { } stream) await stream.DisposeAsync();
    }

    // The system's order says which family is first. The families take turns, since usually all of one fail.
    private static List<IPAddress> Alternate(IPAddress[] addresses)
    {
        if (addresses.Length < 2) return [.. addresses];
        var family = addresses[0].AddressFamily;
        var (first, second) = (addresses.Where(each => each.AddressFamily == family).ToArray(), addresses.Where(each => each.AddressFamily != family).ToArray());
        var ordered = new List<IPAddress>(addresses.Length);
        for (var i = 0; i < Math.Max(first.Length, second.Length); i++)
        {
            if (i < first.Length) ordered.Add(first[i]);
            if (i < second.Length) ordered.Add(second[i]);
        }

        return ordered;
    }

    /// <summary>Connects a socket to one address.</summary>
    internal static async Task<Stream> ConnectSocketAsync(IPEndPoint target, CancellationToken cancellationToken)
    {
        var socket = new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(target, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private readonly record struct Result(Stream? Stream, Exception? Failure);
}
