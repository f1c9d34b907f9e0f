using System.Globalization;
using System.Text.Json;

namespace AiGateway.Infrastructure.Pricing.Import;

/// <summary>Reads members of a catalogue's JSON.</summary>
internal static class CatalogueJson
{
    private const string Currency = "USD";

    /// <summary>The member; null when it is missing or null.</summary>
    public static JsonElement? Find(this JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>An amount as nano-dollars per million tokens; null when it is missing.</summary>
    /// <param name="json">The object.</param>
    /// <param name="name">The member.</param>
    /// <param name="unit">The unit of the catalogue.</param>
    /// <param name="place">Names the model in a fault.</param>
    public static long? Amount(this JsonElement json, string name, UsdUnit unit, string place)
    {
        if (json.Find(name) is not { } value) return null;
        return value.ValueKind == JsonValueKind.Number
            ? UsdNumber.ToNanoUsdPerMillion(value.GetRawText(), unit, $"{place}, {name}")
            : throw new PriceFileException([$"{place}, {name}: must be a number"]);
    }

    public static string? Text(this JsonElement json, string name) =>
        json.Find(name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    public static bool IsTrue(this JsonElement json, string name) => json.Find(name) is { ValueKind: JsonValueKind.True };

    /// <summary>A number of tokens; null when it is missing or is no positive whole number.</summary>
    public static long? Tokens(this JsonElement json, string name) =>
        json.Find(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var tokens) && tokens > 0 ? tokens : null;

    public static DateOnly? Date(this JsonElement json, string name) =>
        DateOnly.TryParseExact(json.Text(name), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date : null;

    /// <exception cref="PriceFileException">The prices are in another currency.</exception>
    public static void RequireUsd(this JsonElement json, string place)
    {
        if (json.Find("currency") is { } currency && (currency.ValueKind != JsonValueKind.String || currency.GetString() != Currency))
            throw new PriceFileException([$"{place}: the currency is not {Currency}"]);
    }
}
