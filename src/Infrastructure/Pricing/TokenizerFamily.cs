using Microsoft.ML.Tokenizers;

namespace AiGateway.Infrastructure.Pricing;

/// <summary>The tokenizers of OpenAI's models, each made once, when it is first needed.</summary>
internal static class TokenizerFamily
{
    private static readonly Lazy<TiktokenTokenizer> Cl100K = new(() => TiktokenTokenizer.CreateForEncoding("cl100k_base"));
    private static readonly Lazy<TiktokenTokenizer> O200K = new(() => TiktokenTokenizer.CreateForEncoding("o200k_base"));

    /// <summary>The model's tokenizer; an unknown model gets the newest one.</summary>
    public static TiktokenTokenizer Of(string model) => IsOld(model) ? Cl100K.Value : O200K.Value;

    private static bool IsOld(ReadOnlySpan<char> model)
    {
        const string FineTuned = "ft:";
        if (model.StartsWith(FineTuned, StringComparison.Ordinal)) model = model[FineTuned.Length..];
        return model.StartsWith("gpt-3.5", StringComparison.Ordinal)
            || model.StartsWith("gpt-35", StringComparison.Ordinal)
            || model.StartsWith("text-embedding-", StringComparison.Ordinal)
            || model.StartsWith("gpt-4-", StringComparison.Ordinal)
            || model.StartsWith("gpt-4:", StringComparison.Ordinal)
            || model is "gpt-4";
    }
}
