using Microsoft.Extensions.Configuration;

namespace AiGateway.Infrastructure.Configuration.Sources;

/// <summary>The gateway's own sources of settings, beside environment variables and settings files.</summary>
public static class SettingSources
{
    /// <summary>Adds them. A source that cannot be read is left out.</summary>
    /// <param name="configuration">The configuration with the framework's sources.</param>
    /// <param name="isDevelopment">Whether <c>.env</c> is read.</param>
    /// <returns>What is wrong with the sources; empty when nothing is.</returns>
    public static IReadOnlyList<ConfigurationFault> AddSettingSources(this ConfigurationManager configuration, bool isDevelopment)
    {
        var faults = new List<ConfigurationFault>();
        Try(() => configuration.AddDotEnv(isDevelopment), faults);
        faults.AddRange(configuration.AddSettingFiles());
        Try(configuration.AddConfigurationFile, faults);
        return faults;
    }

    private static void Try(Action add, List<ConfigurationFault> faults)
    {
        try
        {
            add();
        }
        catch (ConfigurationFaultsException faulty)
        {
            faults.AddRange(faulty.Faults);
        }
    }
}
