using System.Text;
using System.Text.Json.Nodes;

namespace AiGateway.StandIn.Replies;

/// <summary>One server-sent event.</summary>
/// <param name="Type">The name of the event; null for none.</param>
/// <param name="Content">The data of the event.</param>
internal readonly record struct StreamEvent(string? Type, string Content)
{
    public static readonly StreamEvent Done = new(null, "[DONE]");

    /// <summary>Whether this event says that the reply is complete.</summary>
    public bool IsEnd { get; init; }

    public static StreamEvent Of(JsonNode json, string? type = null) => new(type, Exchange.ToText(json));

    public byte[] ToBytes() => Encoding.UTF8.GetBytes($"{(Type is null ? "" : $"event: {Type}\n")}data: {Content}\n\n");
}
