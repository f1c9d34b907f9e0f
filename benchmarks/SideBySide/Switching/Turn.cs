using System.Globalization;

namespace AiGateway.SideBySide.Switching;

/// <summary>A short time with or without telemetry.</summary>
/// <param name="IsOn">Whether telemetry was on.</param>
/// <param name="Cpu">The CPU of a request, in microseconds.</param>
internal readonly record struct Turn(bool IsOn, double Cpu)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(IsOn ? 1 : 0)} {Cpu:F3}");

    public static Turn Parse(string line) => new(line[0] == '1', double.Parse(line.AsSpan(2), CultureInfo.InvariantCulture));
}
