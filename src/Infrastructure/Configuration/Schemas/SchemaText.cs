using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AiGateway.Infrastructure.Configuration.Schemas;

/// <summary>The parts that all JSON schemas of the gateway have.</summary>
internal static class SchemaText
{
    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static JsonObject Root(string title, string description) => new()
    {
        ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
        ["title"] = title,
        ["description"] = description,
        ["type"] = "object",
    };

    public static JsonObject Described(string type, string description) => new() { ["type"] = type, ["description"] = description };

    /// <summary>An object with these members and no other.</summary>
    public static JsonObject Closed(JsonObject properties, params string[] required) => new()
    {
        ["type"] = "object",
        ["properties"] = properties,
        ["required"] = Words(required),
        ["additionalProperties"] = false,
    };

    public static JsonObject ListOf(JsonObject items, string description) => new() { ["type"] = "array", ["description"] = description, ["items"] = items };

    public static JsonArray Words(IEnumerable<string> words) => [.. words.Select(word => (JsonNode)word)];

    public static string Of(JsonObject schema) => schema.ToJsonString(Options).ReplaceLineEndings("\n") + "\n";
}
