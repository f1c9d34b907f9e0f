using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using AiGateway.Domain;

namespace AiGateway.Api.Contracts;

/// <summary>Names of enum members on the wire: snake case.</summary>
internal static class WireName
{
    public static string Of<TEnum>(TEnum value) where TEnum : struct, Enum => Names<TEnum>.Of[value];

    /// <summary>Reads a name; null for none.</summary>
    /// <exception cref="InvalidRequestException">It is another word. The fault names the field.</exception>
    public static TEnum? Read<TEnum>(string? name, string field) where TEnum : struct, Enum
    {
        if (name is null) return null;
        foreach (var (value, known) in Names<TEnum>.Of)
        {
            if (known == name) return value;
        }

        throw new InvalidRequestException(field, $"must be one of {string.Join(", ", Names<TEnum>.Of.Values)}");
    }

    private static class Names<TEnum> where TEnum : struct, Enum
    {
        public static readonly IReadOnlyDictionary<TEnum, string> Of =
            Enum.GetValues<TEnum>().ToDictionary(value => value, value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()));
    }
}

/// <summary>An amount: a JSON number, or a decimal text such as <c>"20.00"</c>.</summary>
internal sealed class AmountConverter : JsonConverter<decimal?>
{
    public override decimal? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.Null => null,
        JsonTokenType.Number when reader.TryGetDecimal(out var number) => number,
        JsonTokenType.String when decimal.TryParse(
            reader.GetString(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount) => amount,
        _ => throw new JsonException("It must be a number, or a decimal text such as \"20.00\"."),
    };

    public override void Write(Utf8JsonWriter writer, decimal? value, JsonSerializerOptions options)
    {
        if (value is { } amount) writer.WriteNumberValue(amount);
        else writer.WriteNullValue();
    }
}
