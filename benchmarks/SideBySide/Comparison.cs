using AiGateway.Testing;

namespace AiGateway.SideBySide;

/// <summary>One run with interleaved rounds against the provider itself, a bare YARP, the ledger alone, and the gateway on each database.</summary>
internal static class Comparison
{
    private const int StreamsAtOnce = 8;

    public static async Task<int> RunAsync(Options options)
    {
        var folder = Directory.CreateTempSubdirectory("aigateway-benchmark-");
        using var server = PostgresServer.TryStart(durable: true);
        var targets = new List<Target>();
        using var sink = options.Telemetry ? await Target.StartRoleAsync("receiver of telemetry", ["sink"]) : null;
        try
        {
            targets.Add(await Target.StartRoleAsync("provider itself", ["upstream"]));
            var upstream = targets[0].Address;
            targets.Add(await Target.StartRoleAsync("YARP", ["proxy", upstream.ToString()]));
            targets.Add(await BareLedger.StartAsync(upstream, folder.FullName));
            var gateway = await Gateway.StartOnSqliteAsync(upstream, folder.FullName);
            targets.Add(gateway);
            if (server is null) Console.Error.WriteLine("PostgreSQL's programs are not installed here: it is left out.");
            else targets.Add(await Gateway.StartOnPostgresAsync(upstream, server));
            if (options.Levels > 0)
            {
                targets.Add(await Gateway.StartOnSqliteAsync(upstream, folder.FullName, options.Levels));
                if (server is not null) targets.Add(await Gateway.StartOnPostgresAsync(upstream, server, options.Levels));
            }

            if (sink is not null) targets.Add(await Gateway.StartWithTelemetryAsync(upstream, folder.FullName, sink.Address));

            var figures = targets.ConvertAll(target => new Figures(target));
            await MeasureAsync(figures, options);
            var soak = options.SoakMinutes > 0 ? await Soak.RunAsync(gateway, options) : null;
            var table = Report.Compose(figures, soak, options);
            Console.WriteLine(table);
            if (options.Output is { } file) await File.WriteAllTextAsync(file, table);
            return 0;
        }
        finally
        {
            foreach (var target in targets) target.Dispose();
            folder.Delete(recursive: true);
        }
    }

    private static async Task MeasureAsync(List<Figures> figures, Options options)
    {
        foreach (var each in figures) await WarmUpAsync(each.Target, options);
        for (var round = 0; round < options.Rounds; round++)
        {
            foreach (var each in figures) await each.MeasureAsync(options.Requests, options.Connections, options.Streams, StreamsAtOnce);
        }
    }

    // The runtime compiles for some seconds of load. The measurement starts after that.
    private static async Task WarmUpAsync(Target target, Options options)
    {
        using var load = new Load(target);
        await load.PlainForAsync(TimeSpan.FromSeconds(options.WarmUpSeconds), options.Connections);
        await load.StreamsAsync(Math.Max(options.Streams / 2, 20), StreamsAtOnce);
    }
}
