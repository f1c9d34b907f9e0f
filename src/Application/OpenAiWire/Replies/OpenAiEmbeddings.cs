using System.Text.Json;
using AiGateway.Application.Providers;

namespace AiGateway.Application.OpenAiWire;

/// <summary>Reads the values that the gateway uses from a list of embeddings; the bytes stay unchanged.</summary>
public static class OpenAiEmbeddings
{
    /// <summary>The reply, or null when the body is no list of embeddings.</summary>
    public static ModelReply? From(ReadOnlyMemory<byte> body, string requestedModel)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var root = json.RootElement;
            if (root.Find("data"u8) is not { ValueKind: JsonValueKind.Array } || root.Find("error"u8).ReportsError()) return null;
            var usage = root.Find("usage"u8) ?? default;
            return new ModelReply
            {
                Model = root.FindText("model"u8) is { Length: > 0 } model ? model : requestedModel,
                Usage = OpenAiUsage.From(usage, hasOutput: false),
                ReportedCostNanoUsd = OpenAiUsage.CostIn(usage),
                Body = body,
            };
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
