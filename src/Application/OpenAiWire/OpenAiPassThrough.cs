using System.Globalization;
using System.Text;
using System.Text.Json;
using AiGateway.Application.Providers;
using AiGateway.Application.Requests;
using AiGateway.Domain;

namespace AiGateway.Application.OpenAiWire;

/// <summary>
/// Sends a client's own JSON to the provider. Only these members change: the model where the gateway chose it; the output
/// limit where it is missing, has the wrong name or exceeds the model's own; and the usage option of a stream where the
/// client did not set it.
/// </summary>
public static class OpenAiPassThrough
{
    private const string WithUsage = "{\"include_usage\":true}";

    /// <summary>The body to send.</summary>
    /// <param name="call">The call.</param>
    /// <param name="wire">The client's JSON.</param>
    /// <param name="profile">The server's profile.</param>
    public static ReadOnlyMemory<byte> ToBody(ModelCall call, WireRequest wire, OpenAiProfile profile)
    {
        var patch = new JsonPatch(wire);
        if (call.Request.Model != call.SentModel) patch.Set("model", JsonSerializer.Serialize(call.SentModel));
        if (OutputLimit.NameFor(call, profile) is { } name) SetLimit(patch, name, call.MaxCompletionTokens.ToString(CultureInfo.InvariantCulture));
        if (call.Request is { Stream: true, Operation: ModelOperation.Chat }) SetStreamOptions(patch, profile);
        var body = patch.Apply();
        if (profile.DropsEncryptedReasoning) body = EncryptedReasoning.Without(body) ?? body;
        foreach (var member in profile.DroppedMembers) body = JsonMemberRemoval.Without(body, member);
        return body;
    }

    // The limit that bounds the hold must be the one that the target applies; a second limit beside it could be applied
    // instead.
    private static void SetLimit(JsonPatch patch, string name, string limit)
    {
        var other = name == OutputLimit.Older ? OutputLimit.Newer : OutputLimit.Older;
        var given = patch.Find(name);
        if (given is null && patch.Find(other) is not null) patch.Rename(other, name, limit);
        else if (!JsonPatch.AreSame(given, limit)) patch.Set(name, limit);
        if (given is not null) patch.Remove(other);
    }

    private static void SetStreamOptions(JsonPatch patch, OpenAiProfile profile)
    {
        if (profile.SendsStreamOptions) AskForUsage(patch);
        else if (patch.Find("stream_options") is "null") patch.Remove("stream_options");
    }

    private static void AskForUsage(JsonPatch patch)
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
