using AiGateway.Application.Pricing;
using AiGateway.Domain;

namespace AiGateway.Api.Contracts.Operators;

/// <summary>The prices in force.</summary>
/// <param name="Items">One page, by seller and model.</param>
/// <param name="Next">Where the next page begins; null: this is the last one.</param>
public sealed record PriceListResponse(IReadOnlyList<PriceResponse> Items, string? Next);

/// <summary>A price in force. Amounts are dollars per million tokens; null: it has no price, or the ordinary one applies.</summary>
/// <param name="Provider">The seller in the price book; of a model without a price, the provider that should serve it, or <c>any</c>.</param>
/// <param name="Model">The model.</param>
/// <param name="EffectiveFrom">First UTC day of the price.</param>
/// <param name="InputUsdPerMillion">Ordinary input tokens.</param>
/// <param name="CachedInputUsdPerMillion">Input tokens read from the provider's cache.</param>
/// <param name="CacheWriteUsdPerMillion">Input tokens written to the provider's cache.</param>
/// <param name="OutputUsdPerMillion">Output tokens.</param>
/// <param name="ContextWindow">Input and output tokens together that one call may hold.</param>
/// <param name="MaxOutputTokens">Most output tokens of one choice.</param>
/// <param name="RetiredOn">First UTC day on which the provider no longer serves it.</param>
/// <param name="Successor">The replacement that the provider names.</param>
/// <param name="Source">Where the price was read; null: not noted.</param>
/// <param name="ConfirmedOn">The UTC day on which the price was last known to be right.</param>
/// <param name="Warnings">
/// <c>retired</c>; <c>unpriced</c>: the default model or a route names it, and it has no price; <c>stale</c>: it was not
/// compared with its source for long.
/// </param>
public sealed record PriceResponse(
    string Provider,
    string Model,
    DateOnly? EffectiveFrom,
    decimal? InputUsdPerMillion,
    decimal? CachedInputUsdPerMillion,
    decimal? CacheWriteUsdPerMillion,
    decimal? OutputUsdPerMillion,
    long? ContextWindow,
    long? MaxOutputTokens,
    DateOnly? RetiredOn,
    string? Successor,
    string? Source,
    DateOnly? ConfirmedOn,
    IReadOnlyList<string> Warnings)
{
    internal static PriceResponse Of(PriceRow row) => new(
        row.Provider,
        row.Model,
        row.Price?.EffectiveFrom,
        Money.ToUsd(row.Price?.InputNanoUsdPerMillion),
        Money.ToUsd(row.Price?.CachedInputNanoUsdPerMillion),
        Money.ToUsd(row.Price?.CacheWriteNanoUsdPerMillion),
        Money.ToUsd(row.Price?.OutputNanoUsdPerMillion),
        row.Priced?.Capabilities.ContextWindow,
        row.Priced?.Capabilities.MaxOutputTokens,
        row.Priced?.RetiredOn,
        row.Priced?.Successor,
        row.Price?.Source,
        row.ConfirmedOn,
        [.. row.Warnings.Select(WireName.Of)]);
}
