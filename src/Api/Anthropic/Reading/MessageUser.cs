using System.Text.Json;
using AiGateway.Api.Wires;

namespace AiGateway.Api.Anthropic.Reading;

/// <summary>
/// Whom a message request is for: <c>metadata.user_id</c>. Coding agents put their session into it, as
/// <c>user_..._session_...</c> or as a JSON object with <c>session_id</c>.
/// </summary>
/// <param name="EndUser">The end user, without the session; null: not named.</param>
/// <param name="Session">The session; null: not named.</param>
internal readonly record struct MessageUser(string? EndUser, string? Session)
{
    private const string SessionMark = "_session_";
    private const int MaxSessionLength = 200;

    public static MessageUser Read(WireReader reader)
    {
        if (reader.Find("metadata") is not { } metadata) return default;
        if (metadata.ValueKind != JsonValueKind.Object)
        {
            reader.Blame("metadata", "must be an object");
            return default;
        }

        if (metadata.Find("user_id"u8) is not { ValueKind: JsonValueKind.String } id) return default;
        var name = reader.TextOf(id, "metadata.user_id");
        if (name.StartsWith('{') && ReadObject(name) is { } told) return told;
        return name.LastIndexOf(SessionMark, StringComparison.Ordinal) is > 0 and var at
            ? new(EndUserName.Shorten(name[..at]), Usable(name[(at + SessionMark.Length)..]))
            : new(EndUserName.Shorten(name), null);
    }

    private static MessageUser? ReadObject(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            var user = TextOf(json.RootElement, "account_uuid"u8) ?? TextOf(json.RootElement, "device_id"u8);
            return new(EndUserName.Shorten(user), Usable(TextOf(json.RootElement, "session_id"u8)));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? TextOf(JsonElement value, ReadOnlySpan<byte> name) =>
        value.Find(name) is { ValueKind: JsonValueKind.String } text && text.GetString() is { Length: > 0 } given ? given : null;

    private static string? Usable(string? session) => session is { Length: > 0 and <= MaxSessionLength } ? session : null;
}
