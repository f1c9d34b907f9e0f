using System.Globalization;
using System.Text.Json;
using AiGateway.Domain;

namespace AiGateway.Infrastructure.Pricing;

/// <summary>Reads the members of one object strictly, and collects every fault instead of stopping at the first.</summary>
internal sealed class JsonMembers(LocatedJson json, List<string> faults)
{
    private const int MaxTextLength = 500;
    private const decimal MaxUsdPerMillion = 1_000_000;
    private const int MaxFractionDigits = 9;
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    public static string At(LocatedJson place, string problem) => $"line {place.Line}, {place.Path}: {problem}";

    public static bool IsObject(LocatedJson json, List<string> faults)
    {
        if (json.Kind == JsonTokenType.StartObject) return true;
        faults.Add(At(json, "must be an object"));
        return false;
    }

    public string? Text(string name, bool required = false)
    {
        if (Take(name, required) is not { } value) return null;
        if (value.Kind != JsonTokenType.String) return Fault<string>(value, "must be a string");
        var isUsable = value.Text.Length is > 0 and <= MaxTextLength && value.Text.Trim() == value.Text && !value.Text.Any(char.IsControl);
        return isUsable
            ? value.Text
            : Fault<string>(value, $"must be 1 to {MaxTextLength} characters, without white space at its ends or control characters");
    }

    public long? Whole(string name, long low, long high, bool required = false)
    {
        if (Take(name, required) is not { } value) return null;
        return value.Kind == JsonTokenType.Number
            && long.TryParse(value.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= low
            && number <= high
                ? number
                : Fault<long?>(value, $"must be a whole number from {low} to {high}");
    }

    public DateOnly? Date(string name, bool required = false)
    {
        if (Take(name, required) is not { } value) return null;
        return value.Kind == JsonTokenType.String
            && DateOnly.TryParseExact(value.Text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
                ? date
                : Fault<DateOnly?>(value, "must be a date such as \"2026-01-31\"");
    }

    public bool? Flag(string name)
    {
        if (Take(name, required: false) is not { } value) return null;
        return value.Kind is JsonTokenType.True or JsonTokenType.False
            ? value.Kind == JsonTokenType.True
            : Fault<bool?>(value, "must be true or false");
    }

    /// <summary>Dollars per million tokens, or per call, as nano-dollars.</summary>
    public long? Amount(string name, bool required = false, bool mayBeZero = true)
    {
        if (Take(name, required) is not { } value) return null;
        var amount = ToAmount(value);
        return amount == 0 && !mayBeZero ? Fault<long?>(value, "is 0; say \"free\": true in this price if that is meant") : amount;
    }

    private long? ToAmount(LocatedJson value)
    {
        if (value.Kind != JsonTokenType.String) return Fault<long?>(value, "must be a decimal string such as \"0.50\", not a JSON number");
        if (value.Text.StartsWith('-')) return Fault<long?>(value, "must not be negative");
        var (whole, fraction) = value.Text.Split('.') switch
        {
            [var only] => (only, "0"),
            [var left, var right] => (left, right),
            _ => ("", ""),
        };
        if (!IsDigits(whole) || !IsDigits(fraction)) return Fault<long?>(value, "must be a decimal string such as \"0.50\"");
        var significant = fraction.TrimEnd('0');
        if (significant.Length > MaxFractionDigits) return Fault<long?>(value, $"must not have more than {MaxFractionDigits} decimals");
        return decimal.TryParse($"{whole}.{significant}", NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var usd)
            && usd <= MaxUsdPerMillion
                ? Money.FromUsd(usd)
                : Fault<long?>(value, $"must not be above {MaxUsdPerMillion}");
    }

    /// <summary>Words from a closed list, each once; null: the member is missing.</summary>
    public HashSet<string>? Words(string name, IReadOnlyCollection<string> allowed)
    {
        if (Items(name) is not { } items) return null;
        var words = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in items)
        {
            if (item.Kind != JsonTokenType.String || !allowed.Contains(item.Text))
                faults.Add(At(item, $"must be one of {string.Join(", ", allowed)}"));
            else
                words.Add(item.Text);
        }

        return words;
    }

    public LocatedJson? Object(string name)
    {
        if (Take(name, required: false) is not { } value) return null;
        return value.Kind == JsonTokenType.StartObject ? value : Fault<LocatedJson>(value, "must be an object");
    }

    public IReadOnlyList<LocatedJson>? Items(string name, bool required = false)
    {
        if (Take(name, required) is not { } value) return null;
        return value.Kind == JsonTokenType.StartArray ? value.Items : Fault<IReadOnlyList<LocatedJson>>(value, "must be an array");
    }

    /// <summary>Reports every unknown member, and every member given twice.</summary>
    public void RefuseOthers()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, value) in json.Members)
        {
            if (!_known.Contains(name)) Fault<string>(value, $"is not a known member; known are {string.Join(", ", _known)}");
            else if (!seen.Add(name)) Fault<string>(value, "is given twice");
        }
    }

    private static bool IsDigits(string text) => text.Length > 0 && text.All(char.IsAsciiDigit);

    private LocatedJson? Take(string name, bool required)
    {
        _known.Add(name);
        var value = json.Members.FirstOrDefault(member => member.Key == name).Value;
        if (value is { Kind: not JsonTokenType.Null }) return value;
        if (required) faults.Add(At(value ?? json with { Path = $"{json.Path}.{name}" }, "is required"));
        return null;
    }

    private T? Fault<T>(LocatedJson place, string problem)
    {
        faults.Add(At(place, problem));
        return default;
    }
}
