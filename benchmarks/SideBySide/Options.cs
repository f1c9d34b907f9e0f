using System.Globalization;
using AiGateway.SideBySide.Targets;

namespace AiGateway.SideBySide;

/// <summary>The options of the command line.</summary>
internal sealed record Options
{
    /// <summary>The number of interleaved rounds. The median of each figure is reported.</summary>
    public int Rounds { get; private init; } = 5;

    /// <summary>The plain requests of each round and target at full load.</summary>
    public int Requests { get; private init; } = 16_000;

    /// <summary>The concurrent plain requests at full load.</summary>
    public int Connections { get; private init; } = 64;

    /// <summary>The streams of each round and target.</summary>
    public int Streams { get; private init; } = 80;

    /// <summary>The time of each open loop of a round and target, in seconds.</summary>
    public int OpenLoopSeconds { get; private init; } = 10;

    /// <summary>The load of each target before the first round, in seconds. The runtime compiles for that long.</summary>
    public int WarmUpSeconds { get; private init; } = 30;

    /// <summary>The cold starts of each target.</summary>
    public int Starts { get; private init; } = 5;

    /// <summary>The time of each measurement of memory, in seconds.</summary>
    public int MemorySeconds { get; private init; } = 20;

    /// <summary>How long the gateway on SQLite then runs under full load while its memory is recorded, in minutes; 0 for not at all.</summary>
    public int SoakMinutes { get; private init; }

    /// <summary>Further gateways have budgets at this number of levels above the load's key, 1 to 5; 0 for no such gateways.</summary>
    public int Levels { get; private init; }

    /// <summary>Whether a further gateway on SQLite sends traces, metrics and logs.</summary>
    public bool Telemetry { get; private init; }

    /// <summary>The folder of a published gateway; null for the build of the repository.</summary>
    public string? Gateway { get; private init; }

    /// <summary>Whether the run is short, for use in development. Its figures are not written.</summary>
    public bool IsShort { get; private init; }

    /// <summary>Whether gateways, users and levels are varied, in place of the comparison.</summary>
    public bool Scale { get; private init; }

    /// <summary>Whether the cost of telemetry is measured in turns, in place of the comparison.</summary>
    public bool TelemetryTurns { get; private init; }

    /// <summary>Whether the figures are written into the documentation and the committed table.</summary>
    public bool Write { get; private init; }

    /// <summary>Whether the ratios are compared with the committed table.</summary>
    public bool Check { get; private init; }

    /// <summary>What <c>--short</c> stands for. Later options override it.</summary>
    private Options Short => this with
    {
        IsShort = true,
        Rounds = 2,
        Requests = 8_000,
        Streams = 40,
        OpenLoopSeconds = 4,
        WarmUpSeconds = 8,
        Starts = 2,
        MemorySeconds = 6,
    };

    public static bool TryParse(string[] args, out Options options)
    {
        options = new Options();
        for (var i = 0; i < args.Length; i++)
        {
            if (options.Flag(args[i]) is { } withFlag) options = withFlag;
            else if (i + 1 < args.Length && options.Value(args[i], args[++i]) is { } withValue) options = withValue;
            else return false;
        }

        return !(options.IsShort && options.Write) && !(options.Scale && options.Check) && !(options.TelemetryTurns && (options.Write || options.Check || options.Scale));
    }

    public static int Explain()
    {
        Console.Error.WriteLine(
            """
            The options are not valid. Nothing was measured. Options:
              --short      about 4 minutes; not with --write
              --scale      varies gateways, users and levels in place of the comparison; not with --check
              --telemetry-turns  measures what telemetry costs in one gateway, 6 minutes, in place of the comparison; not with --write, --check, --scale
              --write      writes the figures into docs/performance.md and committed.json
              --check      compares the ratios with committed.json; exit code 1 if one is more than 10 % worse
              --gateway FOLDER of a published gateway, --soak MINUTES, --levels 1..5, --telemetry on
              --rounds, --requests, --connections, --streams, --starts: numbers
              --warm-up, --open-loop, --memory: seconds
            """);
        return 64;
    }

    private Options? Flag(string name) => name switch
    {
        "--short" => Short,
        "--scale" => this with { Scale = true },
        "--telemetry-turns" => this with { TelemetryTurns = true },
        "--write" => this with { Write = true },
        "--check" => this with { Check = true },
        _ => null,
    };

    private Options? Value(string name, string value)
    {
        var isNumber = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0;
        return name switch
        {
            "--rounds" when isNumber => this with { Rounds = number },
            "--requests" when isNumber => this with { Requests = number },
            "--connections" when isNumber => this with { Connections = number },
            "--streams" when isNumber => this with { Streams = number },
            "--starts" when isNumber => this with { Starts = number },
            "--warm-up" when isNumber => this with { WarmUpSeconds = number },
            "--open-loop" when isNumber => this with { OpenLoopSeconds = number },
            "--memory" when isNumber => this with { MemorySeconds = number },
            "--soak" when isNumber => this with { SoakMinutes = number },
            "--levels" when isNumber && number <= Tenants.MostLevels => this with { Levels = number },
            "--telemetry" when value == "on" => this with { Telemetry = true },
            "--gateway" => this with { Gateway = Path.GetFullPath(value) },
            _ => null,
        };
    }
}
