namespace AiGateway.Infrastructure.Pricing;

/// <summary>A price file cannot be read or has faults.</summary>
/// <param name="faults">Every fault, with the file's name and the line.</param>
public sealed class PriceFileException(IReadOnlyList<string> faults) : Exception(string.Join(Environment.NewLine, faults))
{
    /// <summary>The faults; never empty.</summary>
    public IReadOnlyList<string> Faults { get; } = faults;
}
