using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace AiGateway.SideBySide.Switching;

/// <summary>
/// Switches the telemetry of a gateway off and on in short turns, and writes what a request cost in each. The two states share
/// the process, its compiled code and the moment, so the noise of the machine meets both.
/// </summary>
/// <param name="meters">The metrics of the gateway.</param>
/// <param name="traces">The traces of the gateway.</param>
/// <param name="requests">The requests of the gateway.</param>
/// <param name="file">The file for the turns.</param>
internal sealed class TelemetryTurns(MeterProvider meters, TracerProvider traces, RequestCount requests, string file) : BackgroundService
{
    private static readonly TimeSpan Length = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(50);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The SDK has no switch, so its listeners are told directly. An instrument without a listener is off, as it is without the SDK.
        var (metrics, spans) = (Find<MeterListener>(meters), Find<ActivityListener>(traces));
        metrics.MeasurementsCompleted = null;
        var states = Measured().ToDictionary(static each => each, metrics.DisableMeasurementEvents);
        var sample = spans.Sample;
        await using var turns = new StreamWriter(file) { AutoFlush = true };

        // Off, on, on, off: a machine that becomes slower is as bad for both.
        for (var turn = 0; !stoppingToken.IsCancellationRequested; turn++)
        {
            var isOn = turn % 4 is 1 or 2;
            foreach (var (instrument, state) in states)
            {
                if (isOn) metrics.EnableMeasurementEvents(instrument, state);
                else metrics.DisableMeasurementEvents(instrument);
            }

            spans.Sample = isOn ? sample : static (ref _) => ActivitySamplingResult.None;
            await Task.Delay(Settling, TimeProvider.System, stoppingToken);
            var (count, cpu) = (requests.Now, Environment.CpuUsage.TotalTime);
            await Task.Delay(Length, TimeProvider.System, stoppingToken);
            var (served, spent) = (requests.Now - count, Environment.CpuUsage.TotalTime - cpu);
            if (served > 0) await turns.WriteLineAsync(new Turn(isOn, spent.TotalMicroseconds / served).ToString());
        }
    }

    // What is only observed costs nothing between two collections, and stays on.
    private static List<Instrument> Measured()
    {
        var measured = new List<Instrument>();
        using var all = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument is { Enabled: true, IsObservable: false }) measured.Add(instrument);
            },
        };
        all.Start();
        return measured;
    }

    private static T Find<T>(object provider) => (T)provider.GetType()
        .GetFields(BindingFlags.Instance | BindingFlags.NonPublic)
        .First(static field => field.FieldType == typeof(T))
        .GetValue(provider)!;
}
