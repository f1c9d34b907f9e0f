using System.Diagnostics;
using AiGateway.Testing;

namespace AiGateway.FaultInjection.Harness;

/// <summary>The gateway processes of a scenario, each with a fixed index.</summary>
internal sealed class Fleet(int size, Func<int, Task<GatewayProcess>> start) : IAsyncDisposable
{
    private readonly GatewayProcess?[] _gateways = new GatewayProcess?[size];

    public int Size => size;

    /// <summary>The address of a gateway; null while it does not run.</summary>
    public Uri? At(int place) => Volatile.Read(ref _gateways[place])?.Address;

    /// <summary>The peak memory of a gateway in MiB; null if it has ended.</summary>
    public long? PeakMemoryMebibytes(int place)
    {
        try
        {
            using var process = Process.GetProcessById(Volatile.Read(ref _gateways[place])!.Id);
            return process.PeakWorkingSet64 / (1024 * 1024);
        }
        catch (Exception ended) when (ended is ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The address of any running gateway among the first ones; null if none of them runs.</summary>
    public Uri? Any(int? among = null)
    {
        var there = _gateways.Take(among ?? size).OfType<GatewayProcess>().ToArray();
        return there.Length == 0 ? null : there[Random.Shared.Next(there.Length)].Address;
    }

    public Task StartAllAsync() => Task.WhenAll(Enumerable.Range(0, size).Select(StartAsync));

    public async Task StartAsync(int place) => Volatile.Write(ref _gateways[place], await start(place));

    public async Task KillAsync(int place)
    {
        await using var gateway = Take(place);
        await gateway.KillAsync();
    }

    /// <summary>Sends the gateway no further requests, asks it to stop, and waits until it has.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> StopAsync(int place)
    {
        await using var gateway = Take(place);
        gateway.Terminate();
        return await gateway.ExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var gateway in _gateways)
        {
            if (gateway is not null) await gateway.DisposeAsync();
        }
    }

    private GatewayProcess Take(int place) =>
        Interlocked.Exchange(ref _gateways[place], null) ?? throw new InvalidOperationException($"Gateway {place} is away.");
}
