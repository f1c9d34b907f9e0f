using System.Globalization;

namespace AiGateway.SideBySide.Reports;

/// <summary>Figures as text. A missing figure is a dash.</summary>
internal static class Cell
{
    /// <summary>Three digits, and all digits before the point.</summary>
    public static string Number(double? value) => value switch
    {
        null => "-",
        { } number when Math.Abs(number) >= 100 => number.ToString("0", CultureInfo.InvariantCulture),
        { } number when Math.Abs(number) >= 10 => number.ToString("0.0", CultureInfo.InvariantCulture),
        { } number => number.ToString("0.00", CultureInfo.InvariantCulture),
    };

    public static string Ratio(double? value) => value?.ToString("0.00", CultureInfo.InvariantCulture) ?? "-";
}
