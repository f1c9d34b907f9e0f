using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AiGateway.Infrastructure.Pricing.Import;

/// <summary>BerriAI/litellm, <c>model_prices_and_context_window.json</c>: one object by model name, dollars per token.</summary>
internal sealed partial class LiteLlmCatalogue : ICatalogue
{
    private const long Thousand = 1_000;

    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["azure"] = "azure-openai",
        ["together_ai"] = "together",
        ["fireworks_ai"] = "fireworks",
    };

    /// <inheritdoc/>
    public string Name => "litellm";

    /// <inheritdoc/>
    public IEnumerable<CatalogueModel> Read(JsonElement root, WantedModels wanted, DateOnly today)
    {
        if (root.ValueKind != JsonValueKind.Object) throw new PriceFileException(["the file must be an object of models"]);
        foreach (var entry in root.EnumerateObject())
        {
            if (entry.Value.Text("litellm_provider") is not { } name) continue;
            var seller = Names.GetValueOrDefault(name, name);
            var prefix = $"{name}/";
            var model = entry.Name.StartsWith(prefix, StringComparison.Ordinal) ? entry.Name[prefix.Length..] : entry.Name;
            if (wanted.Providers.Contains(seller) && wanted.Includes(seller, model)) yield return ToModel(seller, model, entry.Value);
        }
    }

    private static CatalogueModel ToModel(string seller, string name, JsonElement json)
    {
        var place = $"{name} of {seller}";
        json.RequireUsd(place);
        var mode = json.Text("mode");
        var model = new CatalogueModel(seller, name)
        {
            ContextWindow = json.Tokens("max_input_tokens"),
            MaxOutputTokens = mode == "embedding" ? 0 : json.Tokens("max_output_tokens"),
            Capabilities = [.. CapabilitiesOf(json, mode)],
        };
        if (mode is not (null or "chat" or "responses" or "embedding")) return model with { Unusable = $"it is no text model but {mode}" };

        var thresholds = json.EnumerateObject()
            .Select(member => LongMember().Match(member.Name))
            .Where(match => match.Success)
            .Select(match => long.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) * Thousand)
            .Distinct()
            .ToArray();
        if (thresholds.Length > 1) return model with { Unusable = "it has more than one threshold for long requests" };
        return model with
        {
            Current = ToPrice(json, "", place) with
            {
                CacheWrite1h = json.Amount("cache_creation_input_token_cost_above_1hr", UsdUnit.PerToken, place),
                LongAbove = thresholds.FirstOrDefault(),
                Long = thresholds is [var above] ? ToPrice(json, $"_above_{above / Thousand}k_tokens", place) : null,
            },
        };
    }

    private static CataloguePrice ToPrice(JsonElement json, string suffix, string place) => new()
    {
        Input = json.Amount($"input_cost_per_token{suffix}", UsdUnit.PerToken, place),
        Output = json.Amount($"output_cost_per_token{suffix}", UsdUnit.PerToken, place),
        CachedInput = json.Amount($"cache_read_input_token_cost{suffix}", UsdUnit.PerToken, place),
        CacheWrite = json.Amount($"cache_creation_input_token_cost{suffix}", UsdUnit.PerToken, place),
    };

    private static IEnumerable<string> CapabilitiesOf(JsonElement json, string? mode)
    {
        if (mode == "embedding") yield return "embeddings";
        if (mode is null or "chat") yield return "chat";
        if (json.IsTrue("supports_function_calling")) yield return "tools";
        if (json.IsTrue("supports_reasoning")) yield return "reasoning";
        if (json.IsTrue("supports_response_schema")) yield return "structuredOutput";
        if (json.IsTrue("supports_vision")) yield return "vision";
    }

    [GeneratedRegex("^(?:input_cost_per_token|output_cost_per_token|cache_read_input_token_cost|cache_creation_input_token_cost)_above_([0-9]{1,6})k_tokens$")]
    private static partial Regex LongMember();
}
