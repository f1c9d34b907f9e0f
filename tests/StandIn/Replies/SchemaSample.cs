using System.Text.Json;
using System.Text.Json.Nodes;

namespace AiGateway.StandIn.Replies;

/// <summary>A small value that matches a JSON schema. The same schema always gives the same value.</summary>
internal static class SchemaSample
{
    public static JsonNode? Of(JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object) return JsonValue.Create("sample");
        if (schema.TryGetProperty("const", out var constant)) return JsonNode.Parse(constant.GetRawText());
        if (schema.TryGetProperty("enum", out var values) && values.GetArrayLength() > 0) return JsonNode.Parse(values[0].GetRawText());
        if (schema.TryGetProperty("anyOf", out var options) && options.GetArrayLength() > 0) return Of(options[0]);
        return TypeOf(schema) switch
        {
            "object" => ObjectOf(schema),
            "array" => new JsonArray(schema.TryGetProperty("items", out var items) ? Of(items) : JsonValue.Create("sample")),
            "integer" => JsonValue.Create(7),
            "number" => JsonValue.Create(1.5),
            "boolean" => JsonValue.Create(true),
            "null" => null,
            _ => JsonValue.Create("sample"),
        };
    }

    private static JsonObject ObjectOf(JsonElement schema)
    {
        var sample = new JsonObject();
        if (!schema.TryGetProperty("properties", out var properties)) return sample;
        foreach (var property in properties.EnumerateObject()) sample[property.Name] = Of(property.Value);
        return sample;
    }

    private static string? TypeOf(JsonElement schema)
    {
        if (!schema.TryGetProperty("type", out var type)) return null;
        if (type.ValueKind == JsonValueKind.Array && type.GetArrayLength() > 0) type = type[0];
        return type.ValueKind == JsonValueKind.String ? type.GetString() : null;
    }
}
