using System.Collections.Frozen;
using AiGateway.Domain;

namespace AiGateway.Infrastructure.Configuration.Providers;

/// <summary>The names of wires in the configuration, and the kind of request that each serves.</summary>
internal static class WireNames
{
    /// <summary>OpenAI's wires.</summary>
    public const string OpenAi = "openai";

    /// <summary>Anthropic's messages.</summary>
    public const string Anthropic = "anthropic-messages";

    private static readonly FrozenDictionary<string, ModelOperation> Operations = new Dictionary<string, ModelOperation>
    {
        ["openai-chat"] = ModelOperation.Chat,
        ["openai-responses"] = ModelOperation.Responses,
        ["openai-embeddings"] = ModelOperation.Embeddings,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static IEnumerable<string> All => Operations.Keys.Order(StringComparer.Ordinal);

    /// <summary>The kind of request; null for an unknown name.</summary>
    public static ModelOperation? Find(string name) => Operations.TryGetValue(name, out var operation) ? operation : null;
}
