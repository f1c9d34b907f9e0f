using System.Text.Json;
using AiGateway.Api.Wires;

namespace AiGateway.Api.OpenAi.Reading;

/// <summary>
/// Determines the kind of a content part. Each kind has a closed list of members. A part with any other member may contain
/// anything and counts as <see cref="PartKind.Unbounded"/>.
/// </summary>
internal static class Parts
{
    public static PartKind KindOf(JsonElement part)
    {
        if (part.ValueKind != JsonValueKind.Object || Json.TypeOf(part) is not { } type) return PartKind.Unbounded;
        return type switch
        {
            "text" or "input_text" or "output_text" or "summary_text" or "reasoning_text" => OfText(part, "text"),
            "refusal" => OfText(part, "refusal"),
            "image_url" or "input_image" or "computer_screenshot" => OfImage(part),
            "input_audio" => OfAudio(part),
            _ => PartKind.Unbounded,
        };
    }

    /// <summary>Whether a member is the text of a text part.</summary>
    public static bool IsText(JsonProperty member) => member.NameEquals("text"u8) || member.NameEquals("refusal"u8);

    private static PartKind OfText(JsonElement part, string textName)
    {
        foreach (var member in part.EnumerateObject())
        {
            var isFine = member.NameEquals(textName)
                ? member.Value.ValueKind is JsonValueKind.String or JsonValueKind.Null
                : IsBeside(member);
            if (!isFine) return PartKind.Unbounded;
        }

        return PartKind.Text;
    }

    // Chat puts the address and the detail inside image_url; Responses puts them side by side.
    private static PartKind OfImage(JsonElement part)
    {
        JsonElement? address = null;
        JsonElement? detail = null;
        foreach (var member in part.EnumerateObject())
        {
            if (member.NameEquals("image_url"u8)) address = member.Value;
            else if (member.NameEquals("detail"u8)) detail = member.Value;
            else if (!IsBeside(member)) return PartKind.Unbounded;
        }

        if (address is { ValueKind: JsonValueKind.Object } inner)
        {
            (address, detail) = (null, null);
            foreach (var member in inner.EnumerateObject())
            {
                if (member.NameEquals("url"u8)) address = member.Value;
                else if (member.NameEquals("detail"u8)) detail = member.Value;
                else return PartKind.Unbounded;
            }
        }

        if (address is not { } image || !Json.IsImageAddress(image)) return PartKind.Unbounded;
        return detail is { ValueKind: JsonValueKind.String } named && named.ValueEquals("low"u8) ? PartKind.LowDetailImage : PartKind.Image;
    }

    private static PartKind OfAudio(JsonElement part)
    {
        JsonElement? audio = null;
        foreach (var member in part.EnumerateObject())
        {
            if (member.NameEquals("input_audio"u8)) audio = member.Value;
            else if (!IsBeside(member)) return PartKind.Unbounded;
        }

        if (audio is not { ValueKind: JsonValueKind.Object } inner) return PartKind.Unbounded;
        var hasSound = false;
        foreach (var member in inner.EnumerateObject())
        {
            var isFine = member.Name switch
            {
                "data" => hasSound = Json.IsInlineBase64(member.Value),
                "format" => member.Value.ValueKind == JsonValueKind.String && (member.Value.ValueEquals("wav"u8) || member.Value.ValueEquals("mp3"u8)),
                _ => false,
            };
            if (!isFine) return PartKind.Unbounded;
        }

        return hasSound ? PartKind.Audio : PartKind.Unbounded;
    }

    // Members of any part that are not content.
    private static bool IsBeside(JsonProperty member) =>
        member.Value.ValueKind is JsonValueKind.Null or JsonValueKind.True or JsonValueKind.False or JsonValueKind.Number
        || member.Name is "type" or "id" or "status" or "annotations" or "logprobs" or "cache_control" or "prompt_cache_breakpoint";
}
