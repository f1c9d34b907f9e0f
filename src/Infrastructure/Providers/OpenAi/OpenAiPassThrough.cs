using System.Globalization;
using System.Text;
using System.Text.Json;
using AiGateway.Application.Generation;
using AiGateway.Domain;

namespace AiGateway.Infrastructure.Providers.OpenAi;

/// <summary>
/// A client's own JSON on its way to the provider. What is changed, and nothing else: the model where the gateway chose
/// it, an output limit where the client gave none, and a stream's usage where the client did not ask for it.
/// </summary>
internal static class OpenAiPassThrough
{
    private const string WithUsage = "{\"include_usage\":true}";

    public static ReadOnlyMemory<byte> ToBody(ModelCall call, WireRequest wire)
    {
        var patch = new WirePatch(wire);
        if (call.Request.Model != call.Model.Model) patch.Set("model", JsonSerializer.Serialize(call.Model.Model));
        if (LimitOf(call) is { } limit && call.Request.Options.MaxTokens is null)
            patch.Set(limit, call.MaxCompletionTokens.ToString(CultureInfo.InvariantCulture));
        if (call.Request is { Stream: true, Operation: ModelOperation.Chat }) AskForUsage(patch);
        return patch.Apply();
    }

    private static string? LimitOf(ModelCall call) => call.Request.Operation switch
    {
        ModelOperation.Embeddings => null,
        ModelOperation.Responses => "max_output_tokens",
        _ => call.Model.Capabilities.Reasoning ? "max_completion_tokens" : "max_tokens",
    };

    private static void AskForUsage(WirePatch patch)
    {
        if (patch.Find("stream_options") is not { } given || given is "null")
        {
            patch.Set("stream_options", WithUsage);
            return;
        }

        using var options = JsonDocument.Parse(given);
        if (options.RootElement.Find("include_usage"u8) is { ValueKind: JsonValueKind.True }) return;
        var changed = new StringBuilder("{\"include_usage\":true");
        foreach (var option in options.RootElement.EnumerateObject())
        {
            if (!option.NameEquals("include_usage")) changed.Append(',').Append(JsonSerializer.Serialize(option.Name)).Append(':').Append(option.Value.GetRawText());
        }

        patch.Set("stream_options", changed.Append('}').ToString());
    }
}
