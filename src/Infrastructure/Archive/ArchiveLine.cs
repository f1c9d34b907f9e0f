using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using AiGateway.Domain;

namespace AiGateway.Infrastructure.Archive;

/// <summary>A usage record as a line of an archive: every column, named as in the API.</summary>
internal static class ArchiveLine
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { LeaveOutRelations } },
    };

    public static string Of(UsageRecord record) => JsonSerializer.Serialize(record, Json);

    /// <exception cref="JsonException">The text is not such a line.</exception>
    public static UsageRecord Read(string line) => JsonSerializer.Deserialize<UsageRecord>(line, Json) ?? throw new JsonException("null");

    private static void LeaveOutRelations(JsonTypeInfo type)
    {
        if (type.Type != typeof(UsageRecord)) return;
        foreach (var property in type.Properties.Where(property => property.PropertyType == typeof(User) || property.PropertyType == typeof(ApiKey)).ToList())
            type.Properties.Remove(property);
    }
}
