using AiGateway.Application.Pricing;
using AiGateway.Application.Requests;
using AiGateway.Domain;

namespace AiGateway.Infrastructure.Pricing.Tokens;

/// <summary>
/// Counts with OpenAI's public tokenizers where the model's tokenizer is known, and bounds by bytes otherwise. The count of
/// ordinary text is exact. Where the text must be cut (see <see cref="TokenizerChunks"/>), the count errs upward, so a hold is
/// never too small.
/// </summary>
public sealed class TokenCounter : ITokenCounter
{
    /// <summary>
    /// Inputs of an embeddings request are counted together up to this bound, and held by their bytes beyond it: OpenAI
    /// refuses more.
    /// </summary>
    private const long MostCountedOfInputs = 300_000;

    // A second of sound costs 10 tokens at OpenAI and 32 at Google. Even at 8 kbit/s it is 1,333 characters of base64.
    private const int AudioCharactersPerToken = 40;

    private readonly PieceCounter _count;

    /// <summary>A counter.</summary>
    public TokenCounter()
        : this(static (tokenizer, piece) => tokenizer.CountTokens(piece))
    {
    }

    /// <param name="count">Counts each piece instead of the tokenizer.</param>
    internal TokenCounter(PieceCounter count) => _count = count;

    /// <inheritdoc/>
    public long CountText(string model, string text)
    {
        var tally = new PromptCount(new CountingRule(TokenizerFamily.Of(model)), _count, long.MaxValue);
        tally.AddText(text);
        return tally.Tokens;
    }

    /// <inheritdoc/>
    public bool UsesTokenizer(PricedModel model) => TokenizerFamily.RuleOf(model).Tokenizer is not null;

    /// <inheritdoc/>
    public long CountPrompt(ModelRequest request, PricedModel model) => Bound(request, model, TokenizerFamily.RuleOf(model)).Tokens;

    /// <inheritdoc/>
    public PromptBound BoundPrompt(ModelRequest request, PricedModel model)
    {
        var rule = TokenizerFamily.RuleOf(model);
        var bound = Bound(request, model, rule);
        return request.Extras.Prediction is { } predicted
            ? bound with { PredictedTokens = BoundText(rule, predicted, model.Capabilities.ContextWindow).Tokens }
            : bound;
    }

    private PromptBound Bound(ModelRequest request, PricedModel model, CountingRule rule)
    {
        var window = model.Capabilities.ContextWindow;
        var other = TokensBesidesText(request.Extras, model.Model);
        if (request.Operation == ModelOperation.Embeddings)
        {
            var inputs = BoundInputs(request.Extras.Texts, rule, window);
            var all = inputs.Tokens + other;
            return inputs with { Tokens = request.Extras.IsUnbounded ? Math.Max(all, window) : all };
        }

        var tally = new PromptCount(rule, _count, window);
        tally.AddConversation(request.Conversation);

        // Only the messages: the provider's format of tools and schemas in the prompt is not public.
        var exceedsWindow = rule.IsExact && tally.Certain > window;
        foreach (var text in request.Extras.Texts) tally.AddText(text);
        return new PromptBound(
            request.Extras.IsUnbounded ? window : Math.Min(tally.Tokens + other, window), ExceedsWindow: exceedsWindow);
    }

    // Each input may fill the whole context window.
    private PromptBound BoundInputs(IReadOnlyList<string> inputs, CountingRule rule, long window)
    {
        long tokens = 0;
        var exceedsWindow = false;
        var frame = rule.Tokenizer is null ? PromptCount.BytesPerMessage : 0;
        foreach (var input in inputs)
        {
            var bound = BoundText(tokens <= MostCountedOfInputs ? rule : CountingRule.Bytes, input, window);
            tokens += Math.Min(bound.Tokens + frame, window);
            exceedsWindow |= bound.ExceedsWindow;
        }

        return new PromptBound(tokens, ExceedsWindow: exceedsWindow);
    }

    private PromptBound BoundText(CountingRule rule, string text, long window)
    {
        var tally = new PromptCount(rule, _count, window);
        tally.AddText(text);
        return new PromptBound(Math.Min(tally.Tokens, window), ExceedsWindow: rule.IsExact && tally.Certain > window);
    }

    private static long TokensBesidesText(PromptExtras extras, string model) =>
        extras.Tokens
        + (extras.BoundedBySize.Count == 0 ? 0 : extras.BoundedBySize.Sum(piece => (long)piece.Length))
        + (extras.Images == 0 ? 0 : extras.Images * ImageTokens.Of(model, isLowDetail: false))
        + (extras.LowDetailImages == 0 ? 0 : extras.LowDetailImages * ImageTokens.Of(model, isLowDetail: true))
        + ((extras.AudioCharacters + AudioCharactersPerToken - 1) / AudioCharactersPerToken);
}
