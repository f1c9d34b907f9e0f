namespace AiGateway.Domain;

/// <summary>The rows of a price book: the running one, or one that earlier requests were charged with.</summary>
public interface IPriceRows
{
    /// <summary>Every model, ordered by provider and name.</summary>
    IReadOnlyList<PricedModel> Models { get; }

    /// <summary>
    /// The model with the price of this provider. Without an entry for the provider it is OpenAI's entry, else the first entry
    /// of the operator's file. Null when there is none.
    /// </summary>
    /// <remarks>
    /// Names are compared ordinally, and an exact name comes first. A name that ends with a date, such as
    /// <c>gpt-4o-2024-11-20</c>, also finds the entry without the date, unless the date is before its first price. The returned
    /// model then has the requested name. A name that begins with <c>ft:</c> finds only its own entry.
    /// </remarks>
    PricedModel? Find(string provider, string model);

    /// <summary>
    /// The model with the price of exactly this seller; null when the seller has no entry for it. Names are compared as by
    /// <see cref="Find"/>.
    /// </summary>
    PricedModel? FindPriced(string pricedAs, string model);
}
