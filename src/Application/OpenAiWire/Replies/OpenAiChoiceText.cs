using System.Text.Json;

namespace AiGateway.Application.OpenAiWire;

/// <summary>The text of the model in a reply or a chunk, for counting where the provider reports no usage.</summary>
public static class OpenAiChoiceText
{
    /// <param name="choices">The choices.</param>
    /// <param name="member">The member with the text of a choice: <c>message</c>, or <c>delta</c> in a chunk.</param>
    /// <param name="isReasoning">Whether all of it is visible reasoning before the answer.</param>
    /// <returns>The text of all choices; null when there is none.</returns>
    public static string? Of(JsonElement choices, ReadOnlySpan<byte> member, out bool isReasoning)
    {
        string? text = null;
        string? reasoning = null;
        foreach (var choice in choices.EnumerateArray())
        {
            if (choice.Find(member) is not { } said) continue;
            text += ContentOf(said) + said.FindText("refusal"u8);

            // The member names of visible reasoning at compatible servers. It is billed as output.
            reasoning += said.FindText("reasoning_content"u8) ?? said.FindText("reasoning"u8);
            text += OfCall(said.Find("function_call"u8));
            if (said.Find("tool_calls"u8) is not { ValueKind: JsonValueKind.Array } calls) continue;
            foreach (var call in calls.EnumerateArray()) text += OfCall(call.Find("function"u8));
        }

        isReasoning = string.IsNullOrEmpty(text) && !string.IsNullOrEmpty(reasoning);
        text += reasoning;
        return string.IsNullOrEmpty(text) ? null : text;
    }

    /// <summary>A message's own text; parts are joined.</summary>
    public static string? ContentOf(JsonElement message) => message.Find("content"u8) switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { ValueKind: JsonValueKind.Array } parts => string.Concat(parts.EnumerateArray().Select(part => part.FindText("text"u8))),
        _ => null,
    };

    private static string? OfCall(JsonElement? function) =>
        function is { } call ? call.FindText("name"u8) + call.FindText("arguments"u8) : null;
}
