using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace AiGateway.Infrastructure.Configuration.Providers;

/// <summary>
/// Reads the members of one object of a list in the configuration, and collects every fault. A member that nobody reads is a
/// fault: it is a typing error.
/// </summary>
internal sealed class SectionReader(IConfigurationSection section, SettingReader faults)
{
    private readonly HashSet<string> _read = new(StringComparer.OrdinalIgnoreCase);

    public void Fault(string name, string problem) =>
        faults.Fault([new ConfigurationFault(name.Length == 0 ? section.Path : $"{section.Path}:{name}", problem)]);

    /// <summary>The text; null when it is missing or empty.</summary>
    public string? Text(string name)
    {
        _read.Add(name);
        return section[name] is { Length: > 0 } text ? text : null;
    }

    public string? RequiredText(string name)
    {
        if (Text(name) is { } text) return text;
        Fault(name, "is required");
        return null;
    }

    /// <summary>A name for requests and records.</summary>
    public string? RequiredName(string name, int maxLength)
    {
        if (RequiredText(name) is not { } text) return null;
        if (text.Length <= maxLength && text.All(character => character is > ' ' and <= '~')) return text;
        Fault(name, $"must be at most {maxLength} visible ASCII characters without white space");
        return null;
    }

    public Uri? Address(string name)
    {
        if (Text(name) is not { } text) return null;
        if (SettingReader.IsAddress(text, out var address)) return address;
        Fault(name, "must be an http or https address without account, query and fragment");
        return null;
    }

    public long? Whole(string name, long low, long high)
    {
        if (Text(name) is not { } text) return null;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= low && number <= high) return number;
        Fault(name, $"must be a whole number from {low} to {high}, in digits alone");
        return null;
    }

    public TimeSpan? Milliseconds(string name) => Whole(name, 100, 3_600_000) is { } number ? TimeSpan.FromMilliseconds(number) : null;

    public bool? Flag(string name)
    {
        if (Text(name) is not { } text) return null;
        if (bool.TryParse(text, out var flag)) return flag;
        Fault(name, "must be true or false");
        return null;
    }

    /// <summary>Words: a list, or one text with commas; null when it is missing.</summary>
    public IReadOnlyList<string>? Words(string name)
    {
        if (Text(name) is { } text) return text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var items = section.GetSection(name).GetChildren().ToArray();
        return items.Length == 0 ? null : [.. items.Select(item => item.Value ?? "")];
    }

    /// <summary>The objects of a list, in order.</summary>
    public IReadOnlyList<SectionReader> Items(string name)
    {
        _read.Add(name);
        return [.. section.GetSection(name).GetChildren().Select(item => new SectionReader(item, faults))];
    }

    /// <summary>An object; null when it is missing.</summary>
    public SectionReader? Object(string name)
    {
        _read.Add(name);
        var inner = section.GetSection(name);
        return inner.Exists() ? new SectionReader(inner, faults) : null;
    }

    public void RefuseOthers()
    {
        foreach (var member in section.GetChildren())
        {
            if (!_read.Contains(member.Key)) Fault(member.Key, $"is not known here: use {string.Join(", ", _read.Order(StringComparer.Ordinal))}");
        }
    }

    /// <summary>All of it as one text; secrets are in it.</summary>
    public string Content() =>
        string.Join('\n', section.AsEnumerable(makePathsRelative: true).Where(each => each.Value is not null).OrderBy(each => each.Key, StringComparer.Ordinal).Select(each => $"{each.Key}={each.Value}"));
}
