using AiGateway.Domain;

namespace AiGateway.Infrastructure.Providers;

/// <summary>Finds the prices of the models that an account serves.</summary>
internal static class AccountPrices
{
    /// <summary>The model as this account serves it; null when it does not, or when the price book has no price for it.</summary>
    public static PricedModel? Find(this IPriceRows prices, ProviderAccount account, string model)
    {
        if (account.Models.Count > 0 && !account.Models.ContainsKey(model)) return null;
        if (account.IsPricedByAnySeller) return prices.Find(account.PricedAs[0], model);
        foreach (var seller in account.PricedAs)
        {
            if (prices.FindPriced(seller, model) is { } priced) return priced;
        }

        return null;
    }
}
