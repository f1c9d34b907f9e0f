namespace AiGateway.Infrastructure.Pricing;

/// <summary>A price file, or a catalogue to import, cannot be read or has faults.</summary>
/// <param name="faults">Every fault, with its place.</param>
public sealed class PriceFileException(IReadOnlyList<string> faults) : Exception(string.Join(Environment.NewLine, faults))
{
    /// <summary>The faults; never empty.</summary>
    public IReadOnlyList<string> Faults { get; } = faults;
}
