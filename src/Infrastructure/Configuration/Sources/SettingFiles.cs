using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Memory;

namespace AiGateway.Infrastructure.Configuration.Sources;

/// <summary>
/// Settings whose values are in files, as orchestrators hand secrets over: <c>NAME_FILE</c> names a file with the value of
/// the setting <c>NAME</c>, and a folder has one file for each setting, named like its environment variable. They are read
/// once, at start.
/// </summary>
internal static class SettingFiles
{
    private const string Suffix = "_FILE";
    private const int MaxBytes = 65_536;

    // The gateway passes these on to libraries. They hold secrets.
    private static readonly string[] PassedOn = ["AutoMapper:LicenseKey", "OTEL_EXPORTER_OTLP_HEADERS"];

    // Throws on bytes that are not UTF-8: a damaged secret must not become another one.
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static IEnumerable<string> Names => KnownSettings.All.Where(setting => setting != KnownSettings.SecretsFolder).Select(setting => setting.Name).Concat(PassedOn);

    /// <summary>Adds both. Their values come before those of every other source.</summary>
    /// <returns>Faults, which name the setting and the file but never the content.</returns>
    public static IReadOnlyList<ConfigurationFault> AddSettingFiles(this ConfigurationManager configuration)
    {
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        var faults = new List<ConfigurationFault>();
        ReadFolder(configuration, values, faults);
        if (values.Count > 0) Add(configuration, values);
        var named = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        ReadNamedFiles(configuration, named, faults);
        if (named.Count > 0) Add(configuration, named);
        return faults;
    }

    private static void Add(ConfigurationManager configuration, Dictionary<string, string?> values) =>
        ((IConfigurationBuilder)configuration).Add(new MemoryConfigurationSource { InitialData = values });

    private static void ReadNamedFiles(ConfigurationManager configuration, Dictionary<string, string?> values, List<ConfigurationFault> faults)
    {
        foreach (var name in Names)
        {
            if (configuration[name + Suffix] is not { Length: > 0 } path) continue;
            if (configuration[name] is { Length: > 0 }) faults.Add(new(name, $"is set, and {name}{Suffix} is set as well; remove one of the two"));
            else if (Read(path, out var problem) is { } value) values[name] = value;
            else faults.Add(new(name, $"{name}{Suffix} names the file {path}, which {problem}"));
        }
    }

    private static void ReadFolder(ConfigurationManager configuration, Dictionary<string, string?> values, List<ConfigurationFault> faults)
    {
        var setting = KnownSettings.SecretsFolder;
        var folder = configuration[setting.Name] is { Length: > 0 } given ? given : setting.Default;
        try
        {
            foreach (var path in Directory.EnumerateFiles(folder)) ReadFile(configuration, path, values, faults);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // Most machines do not have the default folder.
            if (folder != setting.Default) faults.Add(new(setting.Name, $"names the folder {folder}, which {Describe(failure)}"));
        }
    }

    private static void ReadFile(ConfigurationManager configuration, string path, Dictionary<string, string?> values, List<ConfigurationFault> faults)
    {
        // The folder may hold files of other programs.
        var given = Path.GetFileName(path).Replace("__", ":", StringComparison.Ordinal);
        var known = Names.FirstOrDefault(each => each.Equals(given, StringComparison.OrdinalIgnoreCase));
        if (known is null && !given.Contains(':', StringComparison.Ordinal)) return;
        var name = known ?? given;
        if (IsGivenByTheProcess(configuration, name)) return;
        if (Read(path, out var problem) is { } value) values[name] = value;
        else faults.Add(new(name, $"is in the file {path}, which {problem}"));
    }

    /// <summary>Whether an environment variable or the command line gives the setting. An empty one does not.</summary>
    private static bool IsGivenByTheProcess(ConfigurationManager configuration, string name)
    {
        foreach (var provider in ((IConfigurationRoot)configuration).Providers.Reverse())
        {
            if (provider.TryGet(name, out var value) && value is { Length: > 0 }) return true;
            if (provider is EnvironmentVariablesConfigurationProvider) return false;
        }

        return false;
    }

    /// <summary>The content without the line end at its end; null with a problem.</summary>
    private static string? Read(string path, out string problem)
    {
        problem = "";
        try
        {
            using var file = File.OpenRead(path);
            var bytes = new byte[MaxBytes + 1];
            var count = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            var text = Strict.GetString(bytes, 0, count).TrimEnd('\r', '\n');
            if (count > MaxBytes) problem = $"is larger than {MaxBytes} bytes";
            else if (text.Length == 0) problem = "is empty";
            else return text;
        }
        catch (DecoderFallbackException)
        {
            problem = "is not text in UTF-8";
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            problem = Describe(failure);
        }

        return null;
    }

    private static string Describe(Exception failure) => failure switch
    {
        FileNotFoundException or DirectoryNotFoundException => "does not exist",
        UnauthorizedAccessException => "may not be read by this process",
        _ => "cannot be read",
    };
}
