using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Json;

namespace AiGateway.Infrastructure.Configuration;

/// <summary>
/// The operator's JSON file (<c>AI_GATEWAY_CONFIG</c>) with providers and routes. Environment variables override it. It is
/// read again when it changes.
/// </summary>
public static class ConfigurationFile
{
    /// <summary>Adds the file, if one is configured.</summary>
    /// <exception cref="ConfigurationFaultsException">It cannot be read, or is not JSON.</exception>
    public static void AddConfigurationFile(this ConfigurationManager configuration)
    {
        if (configuration[KnownSettings.ConfigurationFile.Name] is not { Length: > 0 } path) return;
        var full = Path.GetFullPath(path);
        if (!File.Exists(full)) throw Fault("names a file that does not exist");
        var source = new WatchedJson { Path = full, Optional = false, ReloadOnChange = true };
        source.ResolveFileProvider();
        try
        {
            ((IConfigurationBuilder)configuration).Sources.Insert(DotEnv.PlaceBelowEnvironment(configuration.Sources), source);
        }
        catch (InvalidDataException faulty)
        {
            throw Fault($"names a file that is not JSON: {faulty.GetBaseException().Message}");
        }
    }

    /// <summary>Whether the last change of the file could not be read.</summary>
    internal static bool IsUnreadable(IConfiguration configuration) =>
        configuration is IConfigurationRoot root && root.Providers.OfType<WatchedJsonProvider>().Any(provider => provider.IsUnreadable);

    private static ConfigurationFaultsException Fault(string problem) => new([new(KnownSettings.ConfigurationFile.Name, problem)]);

    private sealed class WatchedJson : JsonConfigurationSource
    {
        public override IConfigurationProvider Build(IConfigurationBuilder builder)
        {
            EnsureDefaults(builder);
            return new WatchedJsonProvider(this);
        }
    }

    private sealed class WatchedJsonProvider(JsonConfigurationSource source) : JsonConfigurationProvider(source)
    {
        private bool _isLoaded;

        public bool IsUnreadable { get; private set; }

        // At start a fault ends the start. Later it must not end the process: the watcher would throw it at nobody.
        public override void Load(Stream stream)
        {
            try
            {
                base.Load(stream);
                (_isLoaded, IsUnreadable) = (true, false);
            }
            catch (FormatException) when (_isLoaded)
            {
                IsUnreadable = true;
            }
        }
    }
}
