using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AiGateway.Conformance.Tests.Hosting;

/// <summary>A reply without the parts that differ from call to call: the ids that the stand-in makes, and the time.</summary>
internal static class Comparable
{
    private static readonly string[] Instants = ["created", "created_at"];
    private static readonly string[] IdPrefixes = ["chatcmpl-", "resp_", "msg_", "toolu_"];
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The JSON text without these parts. The member order is kept, because clients see it.</summary>
    public static string Of(JsonElement json) => Without(JsonNode.Parse(json.GetRawText()))?.ToJsonString(Readable) ?? "null";

    private static JsonNode? Without(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var name in Instants.Where(name => members[name] is JsonValue)) members[name] = 0;
                foreach (var (name, value) in members.ToList()) members[name] = Without(value?.DeepClone());
                return members;
            case JsonArray items:
                return new JsonArray([.. items.Select(item => Without(item?.DeepClone()))]);
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                return Array.Find(IdPrefixes, prefix => value.GetValue<string>().StartsWith(prefix, StringComparison.Ordinal)) ?? node;
            default:
                return node;
        }
    }
}
