using System.Globalization;
using System.Text.Json;
using AiGateway.Application.OpenAiWire;
using AiGateway.Application.Providers;
using AiGateway.Application.Requests;

namespace AiGateway.Application.AnthropicWire;

/// <summary>
/// Sends a message request as it is. Only these members change: the model where the gateway chose it, and the output limit
/// where it is missing or differs from the one that bounds the hold.
/// </summary>
public static class AnthropicPassThrough
{
    /// <summary>The body of a message.</summary>
    public static ReadOnlyMemory<byte> ToMessage(ModelCall call, WireRequest wire)
    {
        var patch = new JsonPatch(wire);
        SetModel(patch, call.SentModel);
        var limit = call.MaxCompletionTokens.ToString(CultureInfo.InvariantCulture);
        if (!JsonPatch.AreSame(patch.Find("max_tokens"), limit)) patch.Set("max_tokens", limit);
        return patch.Apply();
    }

    /// <summary>The body of a request that counts tokens.</summary>
    /// <param name="wire">The request.</param>
    /// <param name="model">The model's name at the provider.</param>
    public static ReadOnlyMemory<byte> ToCount(WireRequest wire, string model)
    {
        var patch = new JsonPatch(wire);
        SetModel(patch, model);
        return patch.Apply();
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
