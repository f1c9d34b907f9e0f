using System.Globalization;

namespace AiGateway.FaultInjection;

/// <summary>The options of the command line.</summary>
internal sealed record Options
{
    /// <summary>The time of all scenarios together, about. Every scenario runs at least once.</summary>
    public TimeSpan Length { get; private init; } = TimeSpan.FromMinutes(10);

    /// <summary>A part of the names of the scenarios to run; empty for all.</summary>
    public string Only { get; private init; } = "";

    /// <summary>The file that gets the table; null for the console alone.</summary>
    public string? Output { get; private init; }

    public static bool TryParse(string[] args, out Options options)
    {
        options = new Options();
        for (var i = 0; i + 1 < args.Length; i += 2)
        {
            var isNumber = double.TryParse(args[i + 1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var minutes) && minutes <= 10_000;
            switch (args[i])
            {
                case "--minutes" when isNumber: options = options with { Length = TimeSpan.FromMinutes(minutes) }; break;
                case "--only": options = options with { Only = args[i + 1] }; break;
                case "--output": options = options with { Output = args[i + 1] }; break;
                default: return false;
            }
        }

        return args.Length % 2 == 0;
    }
}
