using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using AiGateway.Domain;

namespace AiGateway.Infrastructure.Alerts.Formats;

/// <summary>An alert that is told.</summary>
/// <param name="Alert">The alert.</param>
/// <param name="ScopeName">The name of its scope; null: it has none, or it was deleted.</param>
internal sealed record AlertEvent(Alert Alert, string? ScopeName)
{
    /// <summary>An event that an administrator sends to try a webhook out.</summary>
    public static AlertEvent Test(Guid id, DateTimeOffset at) => new(new Alert { Id = id, Kind = AlertKind.Test, At = at, OnceKey = "" }, null);
}

/// <summary>The body of a delivery in each format.</summary>
internal static class EventBody
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The JSON.</summary>
    public static string Of(WebhookFormat format, AlertEvent told) => format switch
    {
        WebhookFormat.Slack => JsonSerializer.Serialize(SlackMessage.Of(told), Json),
        WebhookFormat.Teams => JsonSerializer.Serialize(TeamsMessage.Of(told), Json),
        _ => JsonSerializer.Serialize(GenericEvent.Of(told), Json),
    };
}
