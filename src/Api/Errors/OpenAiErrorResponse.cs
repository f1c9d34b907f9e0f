using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiGateway.Api.Errors;

/// <summary>A failure as OpenAI's SDKs read it.</summary>
/// <param name="Error">What went wrong.</param>
public sealed record OpenAiErrorResponse([property: JsonPropertyName("error")] OpenAiErrorDetail Error);

/// <summary>What went wrong.</summary>
/// <param name="Message">In words.</param>
/// <param name="Type">The class of the failure.</param>
/// <param name="Param">The field with the error; null when there is none.</param>
/// <param name="Code">The failure's code; null for plainly malformed requests.</param>
public sealed record OpenAiErrorDetail(
    [property: JsonPropertyName("message")] string Message,
    [property: JsonPropertyName("type")] string Type,
    [property: JsonPropertyName("param")] string? Param,
    [property: JsonPropertyName("code")] string? Code)
{
    /// <summary>The provider's own details, such as the verdict of Azure's content filter; left out when there are none.</summary>
    [JsonPropertyName("innererror")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? InnerError { get; init; }
}
