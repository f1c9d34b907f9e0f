using System.Collections.Frozen;
using AiGateway.Domain;

namespace AiGateway.Infrastructure.Pricing;

/// <summary>Finds the entry of a model by its name and seller.</summary>
internal sealed class PriceRows : IPriceRows
{
    /// <summary>The preferred provider where several serve a model.</summary>
    private const string FirstSeller = "openai";
    private const string FineTuned = "ft:";
    private readonly FrozenDictionary<string, Sellers> _sellers;
    private readonly FrozenDictionary<string, Sellers>.AlternateLookup<ReadOnlySpan<char>> _sellersOf;

    /// <param name="models">The entries, ordered by provider and name.</param>
    /// <param name="toAny">Of the entries of one model name, the one for a provider without its own, unless OpenAI has one.</param>
    private PriceRows(IReadOnlyList<PricedModel> models, Func<PricedModel[], PricedModel?> toAny)
    {
        Models = models;
        _sellers = models
            .GroupBy(model => model.Model, StringComparer.Ordinal)
            .ToFrozenDictionary(
                group => group.Key,
                group =>
                {
                    PricedModel[] all = [.. group];
                    return new Sellers(all, Array.Find(all, model => model.Provider == FirstSeller) ?? toAny(all));
                },
                StringComparer.Ordinal);
        _sellersOf = _sellers.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public IReadOnlyList<PricedModel> Models { get; }

    /// <summary>The rows of the running price book.</summary>
    /// <param name="models">The entries, ordered by provider and name.</param>
    /// <param name="own">The entries of the operator's file.</param>
    public static PriceRows OfRunning(IReadOnlyList<PricedModel> models, IReadOnlySet<(string Provider, string Model)> own) =>
        new(models, all => Array.Find(all, model => own.Contains((model.Provider, model.Model))));

    /// <summary>The rows of a kept price book, which does not say which entries were the operator's: a single seller is meant.</summary>
    public static PriceRows OfKept(IReadOnlyList<PricedModel> models) => new(models, all => all is [var only] ? only : null);

    public PricedModel? Find(string provider, string model) => Find(provider, model, fallBack: true);

    public PricedModel? FindPriced(string pricedAs, string model) => Find(pricedAs, model, fallBack: false);

    private PricedModel? Find(string provider, string model, bool fallBack)
    {
        if (_sellers.TryGetValue(model, out var exact) && exact.Find(provider, fallBack) is { } found) return found;
        if (model.StartsWith(FineTuned, StringComparison.Ordinal)
            || !DateSuffix.TryCut(model, '-', out var stem, out var date)
            || !_sellersOf.TryGetValue(stem, out var sellers)
            || sellers.Find(provider, fallBack) is not { } entry
            || date < entry.Prices[0].EffectiveFrom)
        {
            return null;
        }

        return entry with { Model = model };
    }

    /// <summary>The entries of one model name.</summary>
    /// <param name="All">One for each provider.</param>
    /// <param name="Any">The entry for a provider without one; null: none. The built-in entries of other vendors do not serve as one.</param>
    private sealed record Sellers(PricedModel[] All, PricedModel? Any)
    {
        public PricedModel? Find(string provider, bool fallBack)
        {
            foreach (var seller in All)
            {
                if (seller.Provider == provider) return seller;
            }

            return fallBack ? Any : null;
        }
    }
}
