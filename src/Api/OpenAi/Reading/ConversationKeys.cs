using System.Text.Json;
using AiGateway.Api.Wires;

namespace AiGateway.Api.OpenAi.Reading;

/// <summary>Reads the client's name of a conversation from the body. Its turns then reach one target.</summary>
internal static class ConversationKeys
{
    private const int MaxLength = 200;

    /// <summary><c>prompt_cache_key</c>, else <c>metadata.user_id</c>; null when neither is given.</summary>
    public static string? Find(WireReader reader) =>
        Usable(reader.Find("prompt_cache_key")) ?? Usable(reader.Find("metadata")?.Find("user_id"u8));

    private static string? Usable(JsonElement? value) =>
        value is { ValueKind: JsonValueKind.String } text && text.GetString() is { Length: > 0 and <= MaxLength } key ? key : null;
}
