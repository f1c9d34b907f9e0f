using System.Text;
using System.Text.Json.Nodes;

namespace AiGateway.StandIn.Replies;

/// <summary>One server-sent event.</summary>
/// <param name="Type">Its name; null: none.</param>
/// <param name="Content">Its text.</param>
internal readonly record struct StreamEvent(string? Type, string Content)
{
    public static readonly StreamEvent Done = new(null, "[DONE]");

    /// <summary>Whether it is the one that says that the answer is whole.</summary>
    public bool IsEnd { get; init; }

    public static StreamEvent Of(JsonNode json, string? type = null) => new(type, Exchange.ToText(json));

    public byte[] ToBytes() => Encoding.UTF8.GetBytes($"{(Type is null ? "" : $"event: {Type}\n")}data: {Content}\n\n");
}
