namespace AiGateway.StandIn;

/// <summary>The models of the stand-in. The kind of a model follows from its name.</summary>
internal static class KnownModels
{
    public static readonly IReadOnlyList<string> Listed =
        ["gpt-4o", "gpt-4o-mini", "gpt-5.4-mini", "gpt-6-luna", "text-embedding-3-small", "text-embedding-3-large"];

    private static readonly string[] Families = ["gpt-", "o1", "o3", "o4", "text-embedding-", "ft:"];
    private static readonly string[] ReasoningFamilies = ["gpt-5", "gpt-6", "o1", "o3", "o4"];
    private static readonly string[] OldVocabularies = ["gpt-3.5", "gpt-4-", "text-embedding-"];

    public static bool Exists(string model) => StartsWithAny(model, Families);

    public static bool IsReasoning(string model) => StartsWithAny(model, ReasoningFamilies);

    public static bool IsEmbedding(string model) => model.StartsWith("text-embedding-", StringComparison.Ordinal);

    /// <summary>Whether the model's tokenizer is cl100k_base. All other models use o200k_base.</summary>
    public static bool HasOldVocabulary(string model) => model == "gpt-4" || StartsWithAny(model, OldVocabularies);

    public static int EmbeddingLength(string model) => model.EndsWith("large", StringComparison.Ordinal) ? 3072 : 1536;

    private static bool StartsWithAny(string model, string[] families) =>
        Array.Exists(families, family => model.StartsWith(family, StringComparison.Ordinal));
}
