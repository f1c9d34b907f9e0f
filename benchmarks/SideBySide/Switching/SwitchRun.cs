using System.Globalization;
using AiGateway.SideBySide.Loads;
using AiGateway.SideBySide.Measuring;
using AiGateway.SideBySide.Targets;

namespace AiGateway.SideBySide.Switching;

/// <summary>What telemetry by OTLP costs: one gateway under full load, whose telemetry is on in every second turn.</summary>
internal static class SwitchRun
{
    private static readonly TimeSpan LoadTime = TimeSpan.FromMinutes(5);

    public static async Task<int> RunAsync(Options options)
    {
        var folder = Directory.CreateTempSubdirectory("aigateway-benchmark-");
        try
        {
            var file = Path.Combine(folder.FullName, "turns");
            using var upstream = await Target.StartRoleAsync(["upstream"]);
            using var sink = await Target.StartRoleAsync(["sink"]);
            using var target = await new Gateway(options.Gateway, upstream.Address).StartAsync(
                Store.OnSqlite(folder.FullName, "ledger"),
                ("OTEL_EXPORTER_OTLP_ENDPOINT", sink.Address.ToString()),
                ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
                ("DOTNET_STARTUP_HOOKS", typeof(SwitchRun).Assembly.Location),
                (GatewayHook.FileVariable, file));
            using var load = new Load(target);
            Progress.Say("warm-up");
            await load.PlainForAsync(TimeSpan.FromSeconds(1), connections: 1);
            await load.PlainForAsync(TimeSpan.FromSeconds(options.WarmUpSeconds), options.Connections);
            var first = File.ReadLines(file).Count();
            var time = options.IsShort ? LoadTime / 10 : LoadTime;
            Progress.Say($"{time.TotalSeconds} s of full load");
            var requests = await load.PlainForAsync(time, options.Connections);
            Turn[] turns = [.. (await File.ReadAllLinesAsync(file)).Skip(first).Select(Turn.Parse)];
            Console.WriteLine(Compose(turns, requests));
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The costs of all turns, and the ratios of neighbours. Each turn has one neighbour of the other kind.</summary>
    internal static string Compose(IReadOnlyList<Turn> turns, long requests)
    {
        double[] ratios = [.. turns.Zip(turns.Skip(1)).Where(static pair => pair.First.IsOn != pair.Second.IsOn)
            .Select(static pair => pair.First.IsOn ? pair.First.Cpu / pair.Second.Cpu : pair.Second.Cpu / pair.First.Cpu)];
        var logs = ratios.Select(static ratio => Math.Log(ratio)).ToArray();
        var mean = logs.Average();
        var error = Math.Sqrt(logs.Sum(log => (log - mean) * (log - mean)) / (logs.Length - 1) / logs.Length);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{requests} requests, {ratios.Length} pairs of turns. CPU of a request: {Cost(false):F0} us without, {Cost(true):F0} us with telemetry. "
            + $"With / without: mean {Math.Exp(mean):F3}, standard error {error:F3}, median {Statistics.Median(ratios):F3}.");

        double Cost(bool isOn) => Statistics.Median(turns.Where(turn => turn.IsOn == isOn).Select(static turn => turn.Cpu));
    }
}
