using System.Data.Common;
using System.Diagnostics;
using AiGateway.FaultInjection.Harness;

namespace AiGateway.FaultInjection.Invariants;

/// <summary>Reads committed states while a scenario runs. The invariants must hold in each of them.</summary>
internal sealed class Sampler : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly LedgerRows _ledger;
    private readonly Findings _findings;
    private readonly CancellationTokenSource _enough = new();
    private readonly Task _running;
    private int _samples;

    private Sampler(LedgerRows ledger, Findings findings)
    {
        (_ledger, _findings) = (ledger, findings);
        _running = Task.Run(RunAsync);
    }

    /// <summary>The number of states read so far.</summary>
    public int Samples => Volatile.Read(ref _samples);

    public static Sampler Start(LedgerRows ledger, Findings findings) => new(ledger, findings);

    public async ValueTask DisposeAsync()
    {
        await _enough.CancelAsync();
        await _running;
        _enough.Dispose();
        _findings.Expect(_samples > 0, "no committed state could be looked at");
    }

    private async Task RunAsync()
    {
        while (!_enough.IsCancellationRequested)
        {
            var startedAt = Stopwatch.GetTimestamp();
            try
            {
                foreach (var fault in (await _ledger.SampleAsync(_enough.Token)).Faults()) _findings.Violate($"in a committed state: {fault}");
                Interlocked.Increment(ref _samples);
            }
            catch (Exception failure) when (failure is DbException or TimeoutException or OperationCanceledException)
            {
                // The database is out of reach, as some scenarios intend. There is no state to read.
            }

            // The sampling itself must not become the load.
            var pause = TimeSpan.FromTicks(Math.Max(Pause.Ticks, 4 * Stopwatch.GetElapsedTime(startedAt).Ticks));
            await Task.Delay(pause, TimeProvider.System, _enough.Token).ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }
}
