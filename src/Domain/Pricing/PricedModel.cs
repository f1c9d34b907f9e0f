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

    /// <summary>Whether the provider has switched it off by this day.</summary>
    public bool IsRetiredOn(DateOnly day) => RetiredOn is { } end && day >= end;

    /// <summary>The price in force on this day; before the first dated price, the first.</summary>
    public ModelPrice PriceOn(DateOnly day)
    {
        var price = Prices[0];
        for (var i = 1; i < Prices.Count && Prices[i].EffectiveFrom <= day; i++) price = Prices[i];
        return price;
    }
}
