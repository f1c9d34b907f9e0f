using System.Text.Json;

namespace AiGateway.Infrastructure.Pricing.Import;

/// <summary>models.dev, <c>api.json</c>: providers with models, dollars per million tokens, without dates.</summary>
internal sealed class ModelsDevCatalogue : ICatalogue
{
    private const long OldThreshold = 200_000;

    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["google"] = "gemini",
        ["azure"] = "azure-openai",
        ["togetherai"] = "together",
        ["fireworks-ai"] = "fireworks",
    };

    /// <inheritdoc/>
    public string Name => "models-dev";

    /// <inheritdoc/>
    public IEnumerable<CatalogueModel> Read(JsonElement root, WantedModels wanted, DateOnly today)
    {
        if (root.ValueKind != JsonValueKind.Object) throw new PriceFileException(["the file must be an object of providers"]);
        foreach (var provider in root.EnumerateObject())
        {
            var seller = Names.GetValueOrDefault(provider.Name, provider.Name);
            if (!wanted.Providers.Contains(seller)) continue;
            if (provider.Value.Find("models") is not { ValueKind: JsonValueKind.Object } models)
                throw new PriceFileException([$"{seller}, models: must be an object"]);
            foreach (var model in models.EnumerateObject())
            {
                if (wanted.Includes(seller, model.Name)) yield return ToModel(seller, model.Name, model.Value);
            }
        }
    }

    private static CatalogueModel ToModel(string seller, string name, JsonElement json)
    {
        var place = $"{name} of {seller}";
        json.RequireUsd(place);
        var limit = json.Find("limit") ?? default;
        var model = new CatalogueModel(seller, name)
        {
            ContextWindow = limit.Tokens("context"),
            MaxOutputTokens = limit.Tokens("output"),
            Capabilities = [.. CapabilitiesOf(json)],
        };
        if (Modalities(json, "output").Any(form => form != "text")) return model with { Unusable = "it makes more than text" };
        var cost = json.Find("cost") ?? throw new PriceFileException([$"{place}: has no cost"]);
        cost.RequireUsd(place);
        var price = ToPrice(cost, place);
        if (cost.Amount("reasoning", UsdUnit.PerMillion, place) is { } reasoning && reasoning != price.Output)
            return model with { Unusable = "its reasoning has a price of its own" };
        if (LongOf(cost, place, out var above) is not { } longCost) return model with { Current = price };
        return above is null
            ? model with { Unusable = "it has prices that do not depend on one threshold of input tokens" }
            : model with { Current = price with { Long = ToPrice(longCost, place), LongAbove = above.Value } };
    }

    // The old member names no threshold and is written beside the list; the list wins.
    private static JsonElement? LongOf(JsonElement cost, string place, out long? above)
    {
        above = OldThreshold;
        if (cost.Find("tiers") is not { ValueKind: JsonValueKind.Array } tiers || tiers.GetArrayLength() == 0) return cost.Find("context_over_200k");
        var tier = tiers[0].Find("tier") ?? throw new PriceFileException([$"{place}: a tier has no size"]);
        above = tiers.GetArrayLength() == 1 && tier.Text("type") is null or "context" ? tier.Tokens("size") : null;
        return tiers[0];
    }

    private static CataloguePrice ToPrice(JsonElement cost, string place) => new()
    {
        Input = cost.Amount("input", UsdUnit.PerMillion, place),
        Output = cost.Amount("output", UsdUnit.PerMillion, place),
        CachedInput = cost.Amount("cache_read", UsdUnit.PerMillion, place),
        CacheWrite = cost.Amount("cache_write", UsdUnit.PerMillion, place),
    };

    private static IEnumerable<string> CapabilitiesOf(JsonElement json)
    {
        yield return "chat";
        if (json.IsTrue("tool_call")) yield return "tools";
        if (json.IsTrue("reasoning")) yield return "reasoning";
        if (json.IsTrue("structured_output")) yield return "structuredOutput";
        if (Modalities(json, "input").Contains("image")) yield return "vision";
    }

    private static IEnumerable<string?> Modalities(JsonElement json, string direction) =>
        json.Find("modalities")?.Find(direction) is { ValueKind: JsonValueKind.Array } forms
            ? forms.EnumerateArray().Where(form => form.ValueKind == JsonValueKind.String).Select(form => form.GetString())
            : [];
}
