using System.Globalization;

namespace AiGateway.SideBySide;

/// <summary>The options of the command line.</summary>
internal sealed record Options
{
    /// <summary>The number of interleaved rounds. The median of each figure is reported.</summary>
    public int Rounds { get; private init; } = 5;

    /// <summary>The plain requests of each round and target.</summary>
    public int Requests { get; private init; } = 10_000;

    /// <summary>The concurrent plain requests.</summary>
    public int Connections { get; private init; } = 64;

    /// <summary>The streams of each round and target.</summary>
    public int Streams { get; private init; } = 200;

    /// <summary>The load of each target before the first round, in seconds. The runtime compiles for that long.</summary>
    public int WarmUpSeconds { get; private init; } = 30;

    /// <summary>How long the gateway on SQLite then runs under full load while its memory is recorded, in minutes; 0 for not at all.</summary>
    public int SoakMinutes { get; private init; }

    /// <summary>Further gateways have budgets at this number of levels above the load's key, 1 to 5; 0 for no such gateways.</summary>
    public int Levels { get; private init; }

    /// <summary>Whether a further gateway on SQLite sends traces, metrics and logs.</summary>
    public bool Telemetry { get; private init; }

    /// <summary>The file that gets the table; null for the console alone.</summary>
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
                case "--levels" when isNumber && number <= BudgetTree.MostLevels: options = options with { Levels = number }; break;
                case "--telemetry" when args[i + 1] == "on": options = options with { Telemetry = true }; break;
                case "--output": options = options with { Output = args[i + 1] }; break;
                default: return false;
            }
        }

        return args.Length % 2 == 0;
    }

    public static int Explain()
    {
        Console.Error.WriteLine("Options, each with a value: --rounds, --requests, --connections, --streams, --warm-up SECONDS, --soak MINUTES, --levels 1..5, --telemetry on, --output FILE");
        return 64;
    }
}
