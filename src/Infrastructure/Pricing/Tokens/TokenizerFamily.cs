using AiGateway.Application.OpenAiWire;
using AiGateway.Domain;

namespace AiGateway.Infrastructure.Pricing.Tokens;

/// <summary>The tokenizers of OpenAI's models, each created once, at its first use.</summary>
internal static class TokenizerFamily
{
    private static readonly Lazy<BytePairTokenizer> Cl100K = new(BytePairTokenizer.LoadCl100K);
    private static readonly Lazy<BytePairTokenizer> O200K = new(BytePairTokenizer.LoadO200K);

    /// <summary>The model's tokenizer; an unknown model gets the newest one, whose count is an estimate then.</summary>
    public static BytePairTokenizer Of(string model) => OpenAiNames.UsesCl100K(model) ? Cl100K.Value : O200K.Value;

    /// <summary>How the model's input is counted for a hold.</summary>
    public static CountingRule RuleOf(PricedModel model)
    {
        if (model.TokenFactorPercent is { } percent) return new CountingRule(O200K.Value, percent, IsExact: false);
        return model.Tokenizer switch
        {
            TokenizerKind.O200K => new CountingRule(O200K.Value),
            TokenizerKind.Cl100K => new CountingRule(Cl100K.Value),
            TokenizerKind.Bytes => CountingRule.Bytes,
            _ => OpenAiNames.IsOpenAi(model.Model) ? new CountingRule(Of(model.Model)) : CountingRule.Bytes,
        };
    }
}

/// <summary>How texts are counted for a hold.</summary>
/// <param name="Tokenizer">The tokenizer; null: each UTF-8 byte is a token.</param>
/// <param name="Percent">Factor on its count.</param>
/// <param name="IsExact">Whether the count is the model's own.</param>
internal readonly record struct CountingRule(BytePairTokenizer? Tokenizer, int Percent = 100, bool IsExact = true)
{
    /// <summary>
    /// Every token of a byte-level tokenizer has at least one byte, so a text never has more tokens than bytes.
    /// </summary>
    public static readonly CountingRule Bytes = new(null, IsExact: false);
}
