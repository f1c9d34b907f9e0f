namespace AiGateway.SideBySide;

/// <summary>Interleaved rounds against the provider itself, a bare YARP and the gateway, in one run.</summary>
internal static class Comparison
{
    private const int StreamsAtOnce = 8;

    public static async Task<int> RunAsync(Options options)
    {
        var folder = Directory.CreateTempSubdirectory("aigateway-benchmark-");
        try
        {
            using var upstream = await Target.StartRoleAsync("provider itself", "upstream");
            using var proxy = await Target.StartRoleAsync("YARP", "proxy", upstream.Address.ToString());
            using var gateway = await Gateway.StartAsync(upstream.Address, folder.FullName);
            var figures = new[] { new Figures(upstream), new Figures(proxy), new Figures(gateway) };
            await WarmUpAsync(figures, options);
            for (var round = 0; round < options.Rounds; round++)
            {
                foreach (var each in figures) await each.MeasureAsync(options.Requests, options.Connections, options.Streams, StreamsAtOnce);
            }

            var table = Report.Compose(figures, options);
            Console.WriteLine(table);
            if (options.Output is { } file) await File.WriteAllTextAsync(file, table);
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // The runtime goes on compiling for some seconds of load; what is measured comes after.
    private static async Task WarmUpAsync(Figures[] figures, Options options)
    {
        foreach (var each in figures)
        {
            using var load = new Load(each.Target);
            await load.PlainAsync(Math.Max(2 * options.Requests, 20_000), options.Connections);
            await load.StreamsAsync(Math.Max(options.Streams / 2, 20), StreamsAtOnce);
        }
    }
}
