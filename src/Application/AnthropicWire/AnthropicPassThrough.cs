using System.Globalization;
using System.Text.Json;
using AiGateway.Application.OpenAiWire;
using AiGateway.Application.Providers;
using AiGateway.Application.Requests;

namespace AiGateway.Application.AnthropicWire;

/// <summary>
/// Sends a message request as it is. Only these members change: the model where the gateway chose it, and the output limit
/// where it is missing or differs from the one that bounds the hold. What the server refuses is removed.
/// </summary>
public static class AnthropicPassThrough
{
    /// <summary>The body of a message.</summary>
    /// <param name="call">The call.</param>
    /// <param name="wire">The request.</param>
    /// <param name="dropped">Names of members that the server refuses.</param>
    public static ReadOnlyMemory<byte> ToMessage(ModelCall call, WireRequest wire, IReadOnlyList<string> dropped)
    {
        var patch = new JsonPatch(wire);
        SetModel(patch, call.SentModel);
        var limit = call.MaxCompletionTokens.ToString(CultureInfo.InvariantCulture);
        if (!JsonPatch.AreSame(patch.Find("max_tokens"), limit)) patch.Set("max_tokens", limit);
        return Without(patch.Apply(), dropped);
    }

    /// <summary>The body of a request that counts tokens.</summary>
    /// <param name="wire">The request.</param>
    /// <param name="model">The model's name at the provider.</param>
    /// <param name="dropped">Names of members that the server refuses.</param>
    public static ReadOnlyMemory<byte> ToCount(WireRequest wire, string model, IReadOnlyList<string> dropped)
    {
        var patch = new JsonPatch(wire);
        SetModel(patch, model);
        return Without(patch.Apply(), dropped);
    }

    private static ReadOnlyMemory<byte> Without(ReadOnlyMemory<byte> body, IReadOnlyList<string> dropped)
    {
        foreach (var member in dropped) body = JsonMemberRemoval.Without(body, member);
        return body;
    }

    private static void SetModel(JsonPatch patch, string model)
    {
        if (patch.Find("model") is not { } given || !IsText(given, model)) patch.Set("model", JsonSerializer.Serialize(model));
    }

    private static bool IsText(string json, string text)
    {
        if (json.Length == text.Length + 2 && json.AsSpan(1, text.Length).SequenceEqual(text) && json[0] == '"') return true;
        using var value = JsonDocument.Parse(json);
        return value.RootElement.ValueKind == JsonValueKind.String && value.RootElement.ValueEquals(text);
    }
}
