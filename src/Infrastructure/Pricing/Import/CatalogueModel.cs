namespace AiGateway.Infrastructure.Pricing.Import;

/// <summary>One model as a catalogue describes it. Amounts are nano-dollars per million tokens.</summary>
/// <param name="Provider">The seller, by the gateway's name for it.</param>
/// <param name="Model">The exact name.</param>
internal sealed record CatalogueModel(string Provider, string Model)
{
    /// <summary>The price in force; null: <see cref="Unusable"/> says why there is none.</summary>
    public CataloguePrice? Current { get; init; }

    /// <summary>Announced prices with their first days, all in the future, oldest first.</summary>
    public IReadOnlyList<(DateOnly From, CataloguePrice Price)> Announced { get; init; } = [];

    /// <summary>Why the price file cannot hold this price, for example prices by hour; null: it can.</summary>
    public string? Unusable { get; init; }

    /// <summary>The most input tokens; null: not stated.</summary>
    public long? ContextWindow { get; init; }

    /// <summary>The most output tokens; null: not stated.</summary>
    public long? MaxOutputTokens { get; init; }

    /// <summary>Names of capabilities, as in a price file.</summary>
    public IReadOnlyList<string> Capabilities { get; init; } = [];
}

/// <summary>The price of a catalogue. Null means that the catalogue does not state it.</summary>
internal sealed record CataloguePrice
{
    public long? Input { get; init; }

    public long? Output { get; init; }

    public long? CachedInput { get; init; }

    public long? CacheWrite { get; init; }

    public long? CacheWrite1h { get; init; }

    /// <summary>The prices of a request with more input tokens than <see cref="LongAbove"/>.</summary>
    public CataloguePrice? Long { get; init; }

    /// <summary>The threshold of <see cref="Long"/>.</summary>
    public long LongAbove { get; init; }
}
