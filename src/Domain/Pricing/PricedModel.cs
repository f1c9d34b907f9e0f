using System.Collections.Frozen;

namespace AiGateway.Domain;

/// <summary>One model of the price book: capabilities, prices and retirement date.</summary>
public sealed record PricedModel
{
    /// <summary>The model's name on the wire.</summary>
    public required string Model { get; init; }

    /// <summary>The provider that serves it at this price.</summary>
    public required string Provider { get; init; }

    /// <summary>Its capabilities.</summary>
    public required ModelCapabilities Capabilities { get; init; }

    /// <summary>What it accepts in a request.</summary>
    public ModelTraits Traits { get; init; } = ModelTraits.Unknown;

    /// <summary>First UTC day on which the provider no longer serves it; null: no date is known.</summary>
    public DateOnly? RetiredOn { get; init; }

    /// <summary>The model that the provider names as its replacement.</summary>
    public string? Successor { get; init; }

    /// <summary>How its input is counted for the hold; <see cref="TokenizerKind.ByName"/> unless the price file says otherwise.</summary>
    public TokenizerKind Tokenizer { get; init; }

    /// <summary>
    /// The operator's measured factor, in percent: tokens of this model for 100 tokens of <c>o200k_base</c>. It replaces
    /// <see cref="Tokenizer"/> and makes the hold an estimate; null: none.
    /// </summary>
    public int? TokenFactorPercent { get; init; }

    /// <summary>Prices, oldest first; never empty.</summary>
    public required IReadOnlyList<ModelPrice> Prices { get; init; }

    /// <summary>Prices of one call of each tool that the provider runs, in nano-dollars, by the type of the tool without its date.</summary>
    public IReadOnlyDictionary<string, long> ToolCalls { get; init; } = FrozenDictionary<string, long>.Empty;

    /// <summary>Whether the provider has switched it off by this day.</summary>
    public bool IsRetiredOn(DateOnly day) => RetiredOn is { } end && day >= end;

    /// <summary>The price in force on this day; before the first dated price, the first.</summary>
    public ModelPrice PriceOn(DateOnly day)
    {
        var price = Prices[0];
        for (var i = 1; i < Prices.Count && Prices[i].EffectiveFrom <= day; i++) price = Prices[i];
        return price;
    }

    /// <summary>The price of one call of a tool that the provider runs, in nano-dollars; null: it has no price.</summary>
    /// <param name="toolType">The type of the tool, such as <c>web_search</c>; a date at its end, as in <c>web_search_20260318</c>, is left out.</param>
    public long? FindToolCallNanoUsd(string toolType)
    {
        if (ToolCalls.TryGetValue(toolType, out var price)) return price;
        return DateSuffix.TryCut(toolType, '_', out var stem, out _) && ToolCalls.TryGetValue(stem.ToString(), out price) ? price : null;
    }
}
