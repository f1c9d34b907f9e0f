using AiGateway.Application.Receipts;
using AiGateway.Domain;

namespace AiGateway.Api.Contracts.Receipts;

/// <summary>The price of a request.</summary>
/// <param name="Version">The version of the price book that it was charged with.</param>
/// <param name="Row">The row of that version; null: the version is not kept, or no row of it fits the model.</param>
public sealed record ReceiptPriceResponse(string Version, ReceiptPriceRowResponse? Row)
{
    internal static ReceiptPriceResponse Of(UsageRecord record, ReceiptPrice? price) =>
        new(record.PriceVersion, price is null ? null : ReceiptPriceRowResponse.Of(record, price));
}

/// <summary>A row of the price book. Prices are US dollars per million tokens, factors are percent of them.</summary>
/// <param name="Provider">The seller in the price book.</param>
/// <param name="Model">The model in the price book.</param>
/// <param name="EffectiveFrom">First UTC day on which the price holds.</param>
/// <param name="Input">Price of ordinary input tokens.</param>
/// <param name="CachedInput">Price of input tokens read from the cache; null: as ordinary ones.</param>
/// <param name="CacheWrite">Price of input tokens written to the cache; null: as ordinary ones.</param>
/// <param name="CacheWrite1h">Price of input tokens written to the cache for one hour; null: the higher of the two above.</param>
/// <param name="Output">Price of output tokens.</param>
/// <param name="LongContextAboveTokens">A request with more input tokens is billed at the long-context factors; null: never.</param>
/// <param name="IsLongContext">Whether this request was billed so.</param>
/// <param name="LongContextInputPercent">Factor on the input of a long request.</param>
/// <param name="LongContextOutputPercent">Factor on the output of a long request.</param>
/// <param name="FlexPercent">Factor of the flex tier.</param>
/// <param name="PriorityPercent">Factor of the priority tier.</param>
/// <param name="UsGeographyPercent">Factor of a call that is kept in the United States.</param>
/// <param name="FastPercent">Factor of the provider's fast mode.</param>
/// <param name="PeakPercent">Factor of the peak hours.</param>
/// <param name="ListCostUsd">
/// Cost of the charged tokens in the standard tier without surcharges; null when none are charged. Tier, surcharges, tools,
/// cache writes for one hour and further attempts make the difference to the charge; they are not kept.
/// </param>
/// <param name="Source">Where the figures were read; null: not known.</param>
public sealed record ReceiptPriceRowResponse(
    string Provider,
    string Model,
    DateOnly EffectiveFrom,
    decimal Input,
    decimal? CachedInput,
    decimal? CacheWrite,
    decimal? CacheWrite1h,
    decimal Output,
    long? LongContextAboveTokens,
    bool IsLongContext,
    int LongContextInputPercent,
    int LongContextOutputPercent,
    int FlexPercent,
    int PriorityPercent,
    int UsGeographyPercent,
    int FastPercent,
    int PeakPercent,
    decimal? ListCostUsd,
    string? Source)
{
    internal static ReceiptPriceRowResponse Of(UsageRecord record, ReceiptPrice row)
    {
        var price = row.Price;
        return new(
            row.Provider,
            row.Model,
            price.EffectiveFrom,
            Money.ToUsd(price.InputNanoUsdPerMillion),
            ToUsd(price.CachedInputNanoUsdPerMillion),
            ToUsd(price.CacheWriteNanoUsdPerMillion),
            ToUsd(price.CacheWrite1hNanoUsdPerMillion),
            Money.ToUsd(price.OutputNanoUsdPerMillion),
            price.LongContextAboveTokens,
            row.ListCostNanoUsd is not null && record.PromptTokens > price.LongContextAboveTokens,
            price.LongContextInputPercent,
            price.LongContextOutputPercent,
            price.FlexPercent,
            price.PriorityPercent,
            price.UsGeographyPercent,
            price.FastPercent,
            price.PeakPercent,
            ToUsd(row.ListCostNanoUsd),
            price.Source);
    }

    private static decimal? ToUsd(long? nanoUsd) => nanoUsd is { } amount ? Money.ToUsd(amount) : null;
}
