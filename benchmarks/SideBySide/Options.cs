using System.Globalization;

namespace AiGateway.SideBySide;

/// <summary>What to measure and how long.</summary>
internal sealed record Options
{
    /// <summary>Interleaved rounds; the median of each figure is reported.</summary>
    public int Rounds { get; private init; } = 5;

    /// <summary>Plain requests a round and target.</summary>
    public int Requests { get; private init; } = 10_000;

    /// <summary>Plain requests at once.</summary>
    public int Connections { get; private init; } = 64;

    /// <summary>Streams a round and target.</summary>
    public int Streams { get; private init; } = 200;

    /// <summary>Load before the first round, for each target: the runtime goes on compiling for that long.</summary>
    public int WarmUpSeconds { get; private init; } = 30;

    /// <summary>How long the gateway on SQLite is held under full load afterwards, its memory watched; 0: not at all.</summary>
    public int SoakMinutes { get; private init; }

    /// <summary>Where the table goes; null: only to the console.</summary>
    public string? Output { get; private init; }

    public static bool TryParse(string[] args, out Options options)
    {
        options = new Options();
        for (var i = 0; i + 1 < args.Length; i += 2)
        {
            var isNumber = int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0;
            switch (args[i])
            {
                case "--rounds" when isNumber: options = options with { Rounds = number }; break;
                case "--requests" when isNumber: options = options with { Requests = number }; break;
                case "--connections" when isNumber: options = options with { Connections = number }; break;
                case "--streams" when isNumber: options = options with { Streams = number }; break;
                case "--warm-up" when isNumber: options = options with { WarmUpSeconds = number }; break;
                case "--soak" when isNumber: options = options with { SoakMinutes = number }; break;
                case "--output": options = options with { Output = args[i + 1] }; break;
                default: return false;
            }
        }

        return args.Length % 2 == 0;
    }

    public static int Explain()
    {
        Console.Error.WriteLine("Options, each with a value: --rounds, --requests, --connections, --streams, --warm-up SECONDS, --soak MINUTES, --output FILE");
        return 64;
    }
}
