using AiGateway.Infrastructure.Pricing;

namespace AiGateway.Infrastructure.Configuration;

/// <summary>The gateway cannot start as configured. The message names every fault, and never a secret's value.</summary>
public sealed class ConfigurationFaultsException(IReadOnlyList<ConfigurationFault> faults)
    : Exception("The configuration has faults:" + string.Concat(faults.Select(fault => $"{Environment.NewLine}  {fault}")))
{
    /// <summary>The faults; never empty.</summary>
    public IReadOnlyList<ConfigurationFault> Faults { get; } = faults;

    /// <summary>The faults of the price file as those of its setting.</summary>
    public static ConfigurationFaultsException Of(PriceFileException file) =>
        new([.. file.Faults.Select(fault => new ConfigurationFault(KnownSettings.PricesFile.Name, fault))]);
}

/// <summary>One faulty setting.</summary>
/// <param name="Setting">Its name, such as <c>OPENAI_MAX_TOKENS</c>.</param>
/// <param name="Problem">What is required.</param>
public sealed record ConfigurationFault(string Setting, string Problem)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Setting}: {Problem}";
}
