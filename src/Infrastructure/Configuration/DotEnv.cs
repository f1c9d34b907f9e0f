using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Memory;

namespace AiGateway.Infrastructure.Configuration;

/// <summary>
/// Settings in a file <c>.env</c>, for development: lines of <c>NAME=value</c>, comments after <c>#</c>, values quoted or
/// not, <c>__</c> in names for <c>:</c>.
/// </summary>
public static class DotEnv
{
    /// <summary>The file's name.</summary>
    public const string FileName = ".env";

    /// <summary>
    /// Adds the file of the working directory, in Development and if it exists. Environment variables and later sources
    /// override it; settings files do not.
    /// </summary>
    /// <exception cref="ConfigurationFaultsException">One or more lines are invalid; all are named.</exception>
    public static IConfigurationBuilder AddDotEnv(this IConfigurationBuilder builder, bool isDevelopment, string path = FileName)
    {
        if (!isDevelopment || !File.Exists(path)) return builder;
        var source = new MemoryConfigurationSource { InitialData = Parse(File.ReadAllLines(path)) };
        builder.Sources.Insert(PlaceBelowEnvironment(builder.Sources), source);
        return builder;
    }

    /// <summary>The settings in a file's lines; the last line of a name applies.</summary>
    internal static Dictionary<string, string?> Parse(IReadOnlyList<string> lines)
    {
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        var faults = new List<ConfigurationFault>();
        for (var i = 0; i < lines.Count; i++)
        {
            var line = lines[i].Trim();
            if (line.Length == 0 || line.StartsWith('#')) continue;
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? "" : line[..equals].TrimEnd();
            var value = equals < 0 ? null : Value(line[(equals + 1)..].TrimStart());
            if (name.Length == 0 || name.Any(char.IsWhiteSpace) || value is null)
                faults.Add(new($"{FileName} line {i + 1}", "must be NAME=value, with a value quoted fully or not at all"));
            else
                settings[name.Replace("__", ":", StringComparison.Ordinal)] = value;
        }

        return faults.Count == 0 ? settings : throw new ConfigurationFaultsException(faults);
    }

    /// <summary>The unquoted value up to a comment, or the text between quotes; null when the quotes do not close.</summary>
    private static string? Value(string text)
    {
        if (text.Length == 0 || text[0] == '#') return "";
        if (text[0] is not ('"' or '\''))
        {
            var comment = text.IndexOf(" #", StringComparison.Ordinal);
            return (comment < 0 ? text : text[..comment]).TrimEnd();
        }

        var end = text.IndexOf(text[0], 1);
        if (end < 0) return null;
        var rest = text[(end + 1)..].TrimStart();
        return rest.Length == 0 || rest[0] == '#' ? text[1..end] : null;
    }

    internal static int PlaceBelowEnvironment(IList<IConfigurationSource> sources)
    {
        for (var i = 0; i < sources.Count; i++)
        {
            if (sources[i] is EnvironmentVariablesConfigurationSource { Prefix: null or "" }) return i;
        }

        return sources.Count;
    }
}
