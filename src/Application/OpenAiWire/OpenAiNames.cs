using AiGateway.Application.Requests;
using AiGateway.Domain;

namespace AiGateway.Application.OpenAiWire;

/// <summary>Recognises OpenAI's own models by their names, also at other providers.</summary>
public static class OpenAiNames
{
    /// <summary>Prefixes of fine-tuned models and of models at marketplaces.</summary>
    private static readonly string[] Prefixes = ["ft:", "openai/", "azure/", "openrouter/"];

    private static readonly string[] Cl100KFamilies = ["gpt-3.5", "gpt-35", "gpt-4", "text-embedding-3", "text-embedding-ada"];

    // Open-weight models (gpt-oss) are not listed: their chat template adds text that no count would include.
    private static readonly string[] O200KFamilies =
    [
        "gpt-4o", "chatgpt-4o", "gpt-4.1", "gpt-4.5", "gpt-5", "gpt-6", "o1", "o3", "o4", "codex-mini", "computer-use-preview",
    ];

    /// <summary>The name without its prefix: <c>gpt-4o</c> for <c>openai/gpt-4o</c>.</summary>
    public static ReadOnlySpan<char> BaseOf(ReadOnlySpan<char> model)
    {
        for (var i = 0; i < Prefixes.Length; i++)
        {
            if (!model.StartsWith(Prefixes[i], StringComparison.Ordinal)) continue;
            model = model[Prefixes[i].Length..];
            i = -1;
        }

        return model;
    }

    /// <summary>OpenAI's wire for an operation.</summary>
    public static WireKind WireOf(ModelOperation operation) => operation switch
    {
        ModelOperation.Embeddings => WireKind.OpenAiEmbeddings,
        ModelOperation.Responses => WireKind.OpenAiResponses,
        _ => WireKind.OpenAiChat,
    };

    /// <summary>Whether it is one of OpenAI's own models whose tokenizer is known.</summary>
    public static bool IsOpenAi(string model) => UsesCl100K(model) || UsesO200K(model);

    /// <summary>Whether its tokenizer is <c>cl100k_base</c>.</summary>
    public static bool UsesCl100K(string model) => IsOfAny(BaseOf(model), Cl100KFamilies);

    /// <summary>Whether its tokenizer is <c>o200k_base</c>.</summary>
    public static bool UsesO200K(string model) => IsOfAny(BaseOf(model), O200KFamilies);

    private static bool IsOfAny(ReadOnlySpan<char> name, string[] families)
    {
        foreach (var family in families)
        {
            if (name.StartsWith(family, StringComparison.Ordinal) && IsEndOfFamily(name[family.Length..], family)) return true;
        }

        return false;
    }

    // A dot continues a family without a minor version: gpt-5.6 belongs to gpt-5, but gpt-4.1 does not belong to gpt-4.
    private static bool IsEndOfFamily(ReadOnlySpan<char> rest, string family) =>
        rest.IsEmpty || rest[0] is '-' or ':' or '@' || (rest[0] == '.' && family is "gpt-5" or "gpt-6");
}
