using System.Text.Json;

namespace AiGateway.Infrastructure.Pricing.Import;

/// <summary>
/// pydantic/genai-prices, <c>prices/new_data/v2/data.json</c>: dollars per million tokens, with tiers and dated prices.
/// Its rules that match a model by a part of the name are not read.
/// </summary>
internal sealed class GenAiPricesCatalogue : ICatalogue
{
    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["google"] = "gemini",
        ["x-ai"] = "xai",
        ["azure"] = "azure-openai",
    };

    /// <inheritdoc/>
    public string Name => "genai-prices";

    /// <inheritdoc/>
    public IEnumerable<CatalogueModel> Read(JsonElement root, WantedModels wanted, DateOnly today)
    {
        if (root.ValueKind != JsonValueKind.Array) throw new PriceFileException(["the file must be an array of providers"]);
        foreach (var provider in root.EnumerateArray())
        {
            var name = provider.Text("id") ?? throw new PriceFileException(["a provider has no id"]);
            var seller = Names.GetValueOrDefault(name, name);
            if (!wanted.Providers.Contains(seller)) continue;
            provider.RequireUsd(seller);
            foreach (var model in Items(provider, "models", seller))
            {
                if (model.Text("id") is { } id && wanted.Includes(seller, id)) yield return ToModel(seller, id, model, today);
            }
        }
    }

    private static CatalogueModel ToModel(string seller, string id, JsonElement json, DateOnly today)
    {
        var place = $"{id} of {seller}";
        json.RequireUsd(place);
        var model = new CatalogueModel(seller, id) { ContextWindow = json.Tokens("context_window") };
        var prices = json.Find("prices") ?? throw new PriceFileException([$"{place}: has no prices"]);
        if (prices.ValueKind != JsonValueKind.Array) return WithPrices(model, [(null, prices)], place, today);

        var dated = new List<(DateOnly? From, JsonElement Price)>();
        foreach (var item in prices.EnumerateArray())
        {
            var constraint = item.Find("constraint");
            var from = constraint?.Date("start_date");
            if (constraint is not null && from is null) return model with { Unusable = "its price depends on the hour of the day" };
            dated.Add((from, item.Find("prices") ?? throw new PriceFileException([$"{place}: has no prices"])));
        }

        return WithPrices(model, dated, place, today);
    }

    // The catalogue's rule: the last price whose day has come is in force.
    private static CatalogueModel WithPrices(
        CatalogueModel model, List<(DateOnly? From, JsonElement Price)> dated, string place, DateOnly today)
    {
        var current = dated.FindLastIndex(each => each.From is null || each.From <= today);
        if (current < 0) return model with { Unusable = "no price is in force yet" };
        var price = ToPrice(dated[current].Price, place, out var unusable);
        if (unusable is not null) return model with { Unusable = unusable };
        var announced = new List<(DateOnly, CataloguePrice)>();
        foreach (var (from, json) in dated.Where(each => each.From > today).OrderBy(each => each.From))
        {
            announced.Add((from!.Value, ToPrice(json, place, out unusable)));
            if (unusable is not null) return model with { Unusable = unusable };
        }

        return model with { Current = price, Announced = announced };
    }

    private static CataloguePrice ToPrice(JsonElement json, string place, out string? unusable)
    {
        var starts = new HashSet<long>();
        var longPrices = new Dictionary<string, long?>(StringComparer.Ordinal);
        long? Of(string name)
        {
            if (json.Find(name) is not { ValueKind: JsonValueKind.Object } tiered) return json.Amount(name, UsdUnit.PerMillion, place);
            foreach (var tier in Items(tiered, "tiers", place))
            {
                starts.Add(tier.Tokens("start") ?? throw new PriceFileException([$"{place}, {name}: a tier has no start"]));
                longPrices[name] = tier.Amount("price", UsdUnit.PerMillion, place);
            }

            return tiered.Amount("base", UsdUnit.PerMillion, place);
        }

        var price = new CataloguePrice
        {
            Input = Of("input_mtok"),
            Output = Of("output_mtok"),
            CachedInput = Of("cache_read_mtok"),
            CacheWrite = Of("cache_write_mtok") ?? Of("cache_write_5m_mtok"),
            CacheWrite1h = Of("cache_write_1h_mtok"),
        };
        unusable = starts.Count > 1 ? "it has more than one threshold for long requests" : null;
        if (starts.Count != 1) return price;
        return price with
        {
            LongAbove = starts.Single(),
            Long = new CataloguePrice
            {
                Input = longPrices.GetValueOrDefault("input_mtok"),
                Output = longPrices.GetValueOrDefault("output_mtok"),
                CachedInput = longPrices.GetValueOrDefault("cache_read_mtok"),
                CacheWrite = longPrices.GetValueOrDefault("cache_write_mtok") ?? longPrices.GetValueOrDefault("cache_write_5m_mtok"),
                CacheWrite1h = longPrices.GetValueOrDefault("cache_write_1h_mtok"),
            },
        };
    }

    private static JsonElement.ArrayEnumerator Items(JsonElement json, string name, string place) =>
        json.Find(name) is { ValueKind: JsonValueKind.Array } items
            ? items.EnumerateArray()
            : throw new PriceFileException([$"{place}, {name}: must be an array"]);
}
