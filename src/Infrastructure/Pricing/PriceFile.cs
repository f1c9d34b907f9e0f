using System.Text.Json;
using AiGateway.Domain;

namespace AiGateway.Infrastructure.Pricing;

/// <summary>Reads price files: the built-in one and the operator's have the same documented form.</summary>
internal static class PriceFile
{
    private const long MaxTokens = TokenUsage.MaxPlausibleTokens;
    private const int MaxFactorPercent = 10_000;
    private static readonly string[] KnownTokenizers = ["o200k_base", "cl100k_base", "bytes"];
    private static readonly string[] KnownCapabilities = ["chat", "embeddings", "tools", "reasoning", "structuredOutput", "vision"];

    /// <summary>The models of the file; faults go to <paramref name="faults"/>, each with its line.</summary>
    public static IReadOnlyList<PricedModel> Read(ReadOnlySpan<byte> utf8, List<string> faults)
    {
        LocatedJson root;
        try
        {
            root = LocatedJson.Parse(utf8);
        }
        catch (JsonException malformed)
        {
            faults.Add(malformed.Message);
            return [];
        }

        if (!IsObject(root, faults)) return [];
        var members = new JsonMembers(root, faults);
        var models = new Dictionary<(string, string), PricedModel>();
        foreach (var item in members.Items("models", required: true) ?? [])
        {
            if (ReadModel(item, faults) is not { } model) continue;
            if (!models.TryAdd((model.Provider, model.Model), model))
                faults.Add(JsonMembers.At(item, $"the model {model.Model} of {model.Provider} is given twice"));
        }

        members.RefuseOthers();
        return [.. models.Values];
    }

    private static PricedModel? ReadModel(LocatedJson json, List<string> faults)
    {
        if (!IsObject(json, faults)) return null;
        var members = new JsonMembers(json, faults);
        var model = members.Text("model", required: true);
        var provider = members.Text("provider", required: true);
        var capabilities = ReadCapabilities(members, json, faults);
        var retiredOn = members.Date("retiredOn");
        var successor = members.Text("successor");
        var tokenizer = ReadTokenizer(members, json, faults);
        var factor = members.Whole("tokenFactorPercent", 1, MaxFactorPercent);
        if (factor is not null && tokenizer != TokenizerKind.ByName)
            faults.Add(JsonMembers.At(json, "tokenizer and tokenFactorPercent exclude each other"));
        var prices = ReadPrices(members, json, faults);
        members.RefuseOthers();
        if (model is null || provider is null || capabilities is null) return null;
        return new PricedModel
        {
            Model = model,
            Provider = provider,
            Capabilities = capabilities,
            RetiredOn = retiredOn,
            Successor = successor,
            Tokenizer = tokenizer,
            TokenFactorPercent = (int?)factor,
            Prices = prices,
        };
    }

    private static TokenizerKind ReadTokenizer(JsonMembers members, LocatedJson json, List<string> faults)
    {
        if (members.Text("tokenizer") is not { } name) return TokenizerKind.ByName;
        if (!KnownTokenizers.Contains(name))
            faults.Add(JsonMembers.At(json, $"tokenizer must be one of {string.Join(", ", KnownTokenizers)}"));
        return name switch
        {
            "o200k_base" => TokenizerKind.O200K,
            "cl100k_base" => TokenizerKind.Cl100K,
            _ => TokenizerKind.Bytes,
        };
    }

    private static ModelCapabilities? ReadCapabilities(JsonMembers members, LocatedJson json, List<string> faults)
    {
        var contextWindow = members.Whole("contextWindow", 1, MaxTokens, required: true);
        var maxOutputTokens = members.Whole("maxOutputTokens", 0, MaxTokens, required: true);
        var words = new HashSet<string>(StringComparer.Ordinal);
        var items = members.Items("capabilities");
        if (items is null) words.Add("chat");
        foreach (var item in items ?? [])
        {
            if (item.Kind != JsonTokenType.String || !KnownCapabilities.Contains(item.Text))
                faults.Add(JsonMembers.At(item, $"must be one of {string.Join(", ", KnownCapabilities)}"));
            else
                words.Add(item.Text);
        }

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

    private static List<ModelPrice> ReadPrices(JsonMembers members, LocatedJson json, List<string> faults)
    {
        var prices = new List<ModelPrice>();
        if (members.Items("prices", required: true) is not { } items) return prices;
        if (items.Count == 0) faults.Add(JsonMembers.At(json, "prices must not be empty"));
        foreach (var item in items)
        {
            if (!IsObject(item, faults) || ReadPrice(item, faults) is not { } price) continue;
            if (prices.Count > 0 && price.EffectiveFrom <= prices[^1].EffectiveFrom)
                faults.Add(JsonMembers.At(item, "effectiveFrom must be later than effectiveFrom of the price before it"));
            prices.Add(price);
        }

        return prices;
    }

    private static ModelPrice? ReadPrice(LocatedJson json, List<string> faults)
    {
        var members = new JsonMembers(json, faults);
        var effectiveFrom = members.Date("effectiveFrom", required: true);
        var input = members.Amount("inputUsdPerMillion", required: true);
        var output = members.Amount("outputUsdPerMillion", required: true);
        var price = new ModelPrice
        {
            EffectiveFrom = effectiveFrom ?? default,
            InputNanoUsdPerMillion = input ?? 0,
            OutputNanoUsdPerMillion = output ?? 0,
            CachedInputNanoUsdPerMillion = members.Amount("cachedInputUsdPerMillion"),
            CacheWriteNanoUsdPerMillion = members.Amount("cacheWriteUsdPerMillion"),
            LongContextAboveTokens = members.Whole("longContextAboveTokens", 1, MaxTokens),
            LongContextInputPercent = Percent(members, "longContextInputPercent"),
            LongContextOutputPercent = Percent(members, "longContextOutputPercent"),
            FlexPercent = Percent(members, "flexPercent"),
            PriorityPercent = Percent(members, "priorityPercent"),
            Source = members.Text("source"),
        };
        members.RefuseOthers();
        return effectiveFrom is null ? null : price;
    }

    private static int Percent(JsonMembers members, string name) => (int)(members.Whole(name, 1, 1000) ?? 100);

    private static bool IsObject(LocatedJson json, List<string> faults)
    {
        if (json.Kind == JsonTokenType.StartObject) return true;
        faults.Add(JsonMembers.At(json, "must be an object"));
        return false;
    }
}
