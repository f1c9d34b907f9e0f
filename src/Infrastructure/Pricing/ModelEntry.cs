using AiGateway.Domain;

namespace AiGateway.Infrastructure.Pricing;

/// <summary>Reads one model of a price file.</summary>
internal static class ModelEntry
{
    /// <summary>The names of the tokenizers.</summary>
    public static readonly IReadOnlyDictionary<string, TokenizerKind> Tokenizers = new Dictionary<string, TokenizerKind>(StringComparer.Ordinal)
    {
        ["o200k_base"] = TokenizerKind.O200K,
        ["cl100k_base"] = TokenizerKind.Cl100K,
        ["bytes"] = TokenizerKind.Bytes,
    };

    /// <summary>The names of the capabilities.</summary>
    public static readonly IReadOnlyList<string> Capabilities = ["chat", "embeddings", "tools", "reasoning", "structuredOutput", "vision"];

    /// <summary>The names of the types of thinking.</summary>
    public static readonly IReadOnlyDictionary<string, ThinkingTypes> Thinking = new Dictionary<string, ThinkingTypes>(StringComparer.Ordinal)
    {
        ["adaptive"] = ThinkingTypes.Adaptive,
        ["enabled"] = ThinkingTypes.Enabled,
        ["disabled"] = ThinkingTypes.Disabled,
        ["between_tools"] = ThinkingTypes.BetweenTools,
    };

    /// <summary>The names of the efforts.</summary>
    public static readonly IReadOnlyDictionary<string, ReasoningEfforts> Efforts = new Dictionary<string, ReasoningEfforts>(StringComparer.Ordinal)
    {
        ["none"] = ReasoningEfforts.Off,
        ["minimal"] = ReasoningEfforts.Minimal,
        ["low"] = ReasoningEfforts.Low,
        ["medium"] = ReasoningEfforts.Medium,
        ["high"] = ReasoningEfforts.High,
        ["xhigh"] = ReasoningEfforts.XHigh,
        ["max"] = ReasoningEfforts.Max,
    };

    private const long MaxTokens = TokenUsage.MaxPlausibleTokens;
    /// <summary>The largest token factor, in percent.</summary>
    public const int MaxFactorPercent = 10_000;

    /// <summary>The model; null when its name, provider or limits are missing.</summary>
    public static PricedModel? Read(LocatedJson json, List<string> faults)
    {
        if (!JsonMembers.IsObject(json, faults)) return null;
        var members = new JsonMembers(json, faults);
        var model = members.Text("model", required: true);
        var provider = members.Text("provider", required: true);
        var capabilities = ReadCapabilities(members, json, faults);
        var traits = ReadTraits(members.Object("traits"), faults);
        var retiredOn = members.Date("retiredOn");
        var successor = members.Text("successor");
        var tokenizer = ReadTokenizer(members, json, faults);
        var factor = members.Whole("tokenFactorPercent", 1, MaxFactorPercent);
        if (factor is not null && tokenizer != TokenizerKind.ByName)
            faults.Add(JsonMembers.At(json, "tokenizer and tokenFactorPercent exclude each other"));
        var toolCalls = ReadToolCalls(members.Object("toolCalls"), faults);
        var prices = ReadPrices(members, json, hasOutput: capabilities is not { Chat: false }, faults);
        members.RefuseOthers();
        if (model is null || provider is null || capabilities is null) return null;
        return new PricedModel
        {
            Model = model,
            Provider = provider,
            Capabilities = capabilities,
            Traits = traits,
            RetiredOn = retiredOn,
            Successor = successor,
            Tokenizer = tokenizer,
            TokenFactorPercent = (int?)factor,
            Prices = prices,
            ToolCalls = toolCalls,
        };
    }

    private static TokenizerKind ReadTokenizer(JsonMembers members, LocatedJson json, List<string> faults)
    {
        if (members.Text("tokenizer") is not { } name) return TokenizerKind.ByName;
        if (Tokenizers.TryGetValue(name, out var kind)) return kind;
        faults.Add(JsonMembers.At(json, $"tokenizer must be one of {string.Join(", ", Tokenizers.Keys)}"));
        return TokenizerKind.Bytes;
    }

    private static ModelCapabilities? ReadCapabilities(JsonMembers members, LocatedJson json, List<string> faults)
    {
        var contextWindow = members.Whole("contextWindow", 1, MaxTokens, required: true);
        var maxOutputTokens = members.Whole("maxOutputTokens", 0, MaxTokens, required: true);
        var words = members.Words("capabilities", Capabilities) ?? ["chat"];
        if (maxOutputTokens == 0 && words.Contains("chat"))
            faults.Add(JsonMembers.At(json, "maxOutputTokens must be at least 1 for a model that chats"));
        if (contextWindow is null || maxOutputTokens is null) return null;
        return new ModelCapabilities
        {
            ContextWindow = contextWindow.Value,
            MaxOutputTokens = maxOutputTokens.Value,
            Chat = words.Contains("chat"),
            Embeddings = words.Contains("embeddings"),
            Tools = words.Contains("tools"),
            Reasoning = words.Contains("reasoning"),
            StructuredOutput = words.Contains("structuredOutput"),
            Vision = words.Contains("vision"),
        };
    }

    private static ModelTraits ReadTraits(LocatedJson? json, List<string> faults)
    {
        if (json is null) return ModelTraits.Unknown;
        var members = new JsonMembers(json, faults);
        var traits = new ModelTraits
        {
            Sampling = members.Flag("sampling") ?? true,
            ForcedToolChoice = members.Flag("forcedToolChoice") ?? true,
            Prefill = members.Flag("prefill") ?? true,
            Audio = members.Flag("audio") ?? true,
            Thinking = members.Words("thinking", [.. Thinking.Keys])?.Aggregate(ThinkingTypes.None, (all, word) => all | Thinking[word]),
            Efforts = members.Words("efforts", [.. Efforts.Keys])?.Aggregate(ReasoningEfforts.None, (all, word) => all | Efforts[word]),
        };
        members.RefuseOthers();
        return traits;
    }

    // Sorted, because the version of the book is a hash of its content.
    private static SortedDictionary<string, long> ReadToolCalls(LocatedJson? json, List<string> faults)
    {
        var prices = new SortedDictionary<string, long>(StringComparer.Ordinal);
        if (json is null) return prices;
        var members = new JsonMembers(json, faults);
        foreach (var (name, _) in json.Members)
        {
            if (members.Amount(name, required: true) is { } price) prices[name] = price;
        }

        members.RefuseOthers();
        return prices;
    }

    private static List<ModelPrice> ReadPrices(JsonMembers members, LocatedJson json, bool hasOutput, List<string> faults)
    {
        var prices = new List<ModelPrice>();
        if (members.Items("prices", required: true) is not { } items) return prices;
        if (items.Count == 0) faults.Add(JsonMembers.At(json, "prices must not be empty"));
        foreach (var item in items)
        {
            if (!JsonMembers.IsObject(item, faults) || PriceEntry.Read(item, hasOutput, faults) is not { } price) continue;
            if (prices.Count > 0 && price.EffectiveFrom <= prices[^1].EffectiveFrom)
                faults.Add(JsonMembers.At(item, "effectiveFrom must be later than effectiveFrom of the price before it"));
            prices.Add(price);
        }

        return prices;
    }
}
