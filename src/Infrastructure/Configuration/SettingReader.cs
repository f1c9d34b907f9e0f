using System.Globalization;
using AiGateway.Domain;
using Microsoft.Extensions.Configuration;

namespace AiGateway.Infrastructure.Configuration;

/// <summary>
/// Reads settings one by one and collects every fault. After a fault the default of the setting is used, and reading
/// continues. A fault says what is required and never repeats the value, which may be a misplaced secret.
/// </summary>
internal sealed class SettingReader(IConfiguration configuration, bool isDevelopment, IReadOnlyList<ConfigurationFault>? sourceFaults = null)
{
    private const string Unlimited = "unlimited";
    private readonly List<ConfigurationFault> _faults = [.. sourceFaults ?? []];
    private readonly IReadOnlyList<ConfigurationFault> _sourceFaults = sourceFaults ?? [];

    public IReadOnlyList<ConfigurationFault> Faults => _faults;

    /// <summary>Some settings are allowed in Development only.</summary>
    public bool IsDevelopment => isDevelopment;

    /// <summary>A list or object of the configuration.</summary>
    public IConfigurationSection Section(string name) => configuration.GetSection(name);

    /// <summary>Whether a value other than the default was given. A copied list of defaults counts as not given.</summary>
    public bool IsSet(Setting setting) => Given(setting) is { } text && text != setting.Default;

    /// <summary>Adds a fault. A setting whose source is faulty has no value, and one fault is enough.</summary>
    public void Fault(Setting setting, string problem)
    {
        if (_sourceFaults.All(fault => fault.Setting != setting.Name)) _faults.Add(new(setting.Name, problem));
    }

    public void Fault(IEnumerable<ConfigurationFault> faults) => _faults.AddRange(faults);

    /// <summary>The text, or the default; null without both. An empty text counts as not given.</summary>
    public string? Text(Setting setting) => Given(setting) ?? (setting.Default.Length == 0 ? null : setting.Default);

    /// <summary>A text that can be sent in a header, such as a key.</summary>
    public string? HeaderText(Setting setting)
    {
        var text = Given(setting);
        if (text is null || text.All(character => character is > ' ' and <= '~')) return text;
        Fault(setting, "must be visible ASCII characters without white space");
        return null;
    }

    public long Whole(Setting setting, long low, long high)
    {
        var text = Given(setting);
        if (text is null) return long.Parse(setting.Default, CultureInfo.InvariantCulture);
        if (IsWhole(text, out var number) && number >= low && number <= high) return number;
        Fault(setting, $"must be a whole number from {low} to {high}, in digits alone");
        return setting.Default.Length == 0 ? low : long.Parse(setting.Default, CultureInfo.InvariantCulture);
    }

    /// <summary>A whole number; null: unlimited.</summary>
    public long? WholeOrUnlimited(Setting setting, long low, long high)
    {
        var text = Text(setting)!;
        if (IsUnlimited(text)) return null;
        if (IsWhole(text, out var number) && number >= low && number <= high) return number;
        Fault(setting, $"must be a whole number from {low} to {high}, in digits alone, or \"unlimited\"");
        return low;
    }

    public TimeSpan Milliseconds(Setting setting, long low, long high) => TimeSpan.FromMilliseconds(Whole(setting, low, high));

    /// <summary>A number of requests; null: unlimited.</summary>
    public long? Limit(Setting setting)
    {
        var text = Text(setting)!;
        if (IsUnlimited(text)) return null;
        if (IsWhole(text, out var limit)) return limit;
        Fault(setting, "must be a whole number of 0 or more, in digits alone, or \"unlimited\"");
        return 0;
    }

    /// <summary>Dollars as nano-dollars; null: unlimited.</summary>
    public long? SpendLimit(Setting setting)
    {
        var text = Text(setting)!;
        if (IsUnlimited(text)) return null;
        if (IsUsd(text, out var usd)) return Money.FromUsd(usd);
        Fault(setting, "must be US dollars of 0 or more such as 10.00, with at most 9 decimals, or \"unlimited\"");
        return 0;
    }

    /// <summary>
    /// Limits such as <c>daily=100;monthly=1000;spend=5.00</c>, each at most once; a missing limit follows
    /// <paramref name="defaults"/>. <c>unlimited</c> alone means all three. Null when nothing is given.
    /// </summary>
    public QuotaLimits? Limits(Setting setting, QuotaLimits defaults)
    {
        if (Text(setting) is not { } text) return null;
        if (IsUnlimited(text)) return QuotaLimits.Unlimited;
        var limits = defaults;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var part in text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (Split(part) is not var (name, value) || !seen.Add(name) || With(limits, name, value) is not { } changed)
            {
                Fault(setting, "must be such as daily=100;monthly=1000;spend=5.00, each part at most once, with digits or \"unlimited\"; or \"unlimited\" alone");
                return null;
            }

            limits = changed;
        }

        return limits;
    }

    public bool Flag(Setting setting)
    {
        var text = Text(setting)!;
        if (text.Equals("true", StringComparison.OrdinalIgnoreCase)) return true;
        if (!text.Equals("false", StringComparison.OrdinalIgnoreCase)) Fault(setting, "must be true or false");
        return false;
    }

    /// <summary>One of the names of an enumeration, in any case.</summary>
    public T Choice<T>(Setting setting)
        where T : struct, Enum
    {
        foreach (var choice in Enum.GetValues<T>())
        {
            if (choice.ToString().Equals(Text(setting), StringComparison.OrdinalIgnoreCase)) return choice;
        }

        Fault(setting, $"must be one of {string.Join(", ", Enum.GetNames<T>())}");
        return default;
    }

    /// <summary>An id, or null.</summary>
    public Guid? Id(Setting setting)
    {
        if (Text(setting) is not { } text) return null;
        if (Guid.TryParseExact(text, "D", out var id)) return id;
        Fault(setting, "must be an id such as 0199c0de-0000-7000-8000-00000000000a");
        return null;
    }

    /// <summary>An absolute http or https address without account, query and fragment.</summary>
    public Uri? Address(Setting setting)
    {
        if (Text(setting) is not { } text) return null;
        if (IsAddress(text, out var address)) return address;
        Fault(setting, "must be an http or https address without account, query and fragment");
        return null;
    }

    /// <summary>Names separated by commas; white space around them does not count.</summary>
    public IReadOnlyList<string> List(Setting setting) =>
        Given(setting)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    public static bool IsAddress(string text, out Uri? address) =>
        Uri.TryCreate(text, UriKind.Absolute, out address)
        && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp)
        && address.UserInfo.Length == 0
        && address.Query.Length == 0
        && address.Fragment.Length == 0
        && !text.Any(char.IsWhiteSpace);

    private string? Given(Setting setting) => configuration[setting.Name] is { Length: > 0 } text ? text : null;

    private static (string Name, string Value)? Split(string part) =>
        part.Split('=', StringSplitOptions.TrimEntries) is [var name, var value] ? (name, value) : null;

    private static QuotaLimits? With(QuotaLimits limits, string name, string value)
    {
        var isUnlimited = IsUnlimited(value);
        if (name == "spend")
        {
            var isMoney = IsUsd(value, out var usd);
            return isUnlimited || isMoney ? limits with { MonthlySpendNanoUsd = isUnlimited ? null : Money.FromUsd(usd) } : null;
        }

        if (!isUnlimited && !IsWhole(value, out _)) return null;
        long? limit = isUnlimited ? null : long.Parse(value, CultureInfo.InvariantCulture);
        return name switch
        {
            "daily" => limits with { DailyRequests = limit },
            "monthly" => limits with { MonthlyRequests = limit },
            _ => null,
        };
    }

    private static bool IsUnlimited(string text) => text.Equals(Unlimited, StringComparison.OrdinalIgnoreCase);

    private static bool IsWhole(string text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static bool IsUsd(string text, out decimal usd) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out usd)
        && usd <= Money.MaxUsd
        && text.All(character => char.IsAsciiDigit(character) || character == '.')
        && text.SkipWhile(character => character != '.').Count() <= 10;
}
