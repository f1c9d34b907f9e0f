using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using AiGateway.Domain;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace AiGateway.Infrastructure.Persistence.Mapping;

/// <summary>Attempts of a request as the database keeps them: a JSON array, or null.</summary>
internal static class StoredAttempts
{
    public static readonly ValueConverter<IReadOnlyList<RequestAttempt>?, string?> Converter = new(
        attempts => ToText(attempts), text => FromText(text));

    public static readonly ValueComparer<IReadOnlyList<RequestAttempt>?> Comparer = new(
        (one, other) => ToText(one) == ToText(other), attempts => (ToText(attempts) ?? "").GetHashCode(StringComparison.Ordinal));

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    public static string? ToText(IReadOnlyList<RequestAttempt>? attempts) =>
        attempts is null ? null : JsonSerializer.Serialize(attempts, Json);

    public static IReadOnlyList<RequestAttempt>? FromText(string? text) =>
        text is null ? null : JsonSerializer.Deserialize<RequestAttempt[]>(text, Json);
}
