using System.Globalization;

namespace AiGateway.Reports;

/// <summary>The options of the command line.</summary>
internal sealed record Options
{
    /// <summary>The number of usage records, spread over a year.</summary>
    public int Rows { get; private init; } = 5_000_000;

    /// <summary>The engines, in this order.</summary>
    public IReadOnlyList<string> Engines { get; private init; } = ["sqlite", "postgres"];

    /// <summary>The file that gets the table; null for the console alone.</summary>
    public string? Output { get; private init; }

    public static bool TryParse(string[] args, out Options options)
    {
        options = new Options();
        for (var i = 0; i + 1 < args.Length; i += 2)
        {
            switch (args[i])
            {
                case "--rows" when int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var rows) && rows >= 1000:
                    options = options with { Rows = rows };
                    break;
                case "--engine" when args[i + 1] is "sqlite" or "postgres":
                    options = options with { Engines = [args[i + 1]] };
                    break;
                case "--output":
                    options = options with { Output = args[i + 1] };
                    break;
                default:
                    return false;
            }
        }

        return args.Length % 2 == 0;
    }

    public static int Explain()
    {
        Console.Error.WriteLine("Options, each with a value: --rows (1000 or more), --engine sqlite|postgres (default both), --output FILE");
        return 64;
    }
}
