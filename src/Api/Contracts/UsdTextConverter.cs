using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiGateway.Api.Contracts;

/// <summary>An amount in dollars as text such as <c>"0.0123"</c>; a JSON number is taken as well.</summary>
internal sealed class UsdTextConverter : JsonConverter<decimal?>
{
    public override decimal? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.Null => null,
        JsonTokenType.Number when reader.TryGetDecimal(out var number) => number,
        JsonTokenType.String when decimal.TryParse(
            reader.GetString(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount) => amount,
        _ => throw new JsonException("It must be an amount in US dollars such as \"0.0123\"."),
    };

    public override void Write(Utf8JsonWriter writer, decimal? value, JsonSerializerOptions options)
    {
        if (value is { } amount) writer.WriteStringValue(amount.ToString(CultureInfo.InvariantCulture));
        else writer.WriteNullValue();
    }
}
