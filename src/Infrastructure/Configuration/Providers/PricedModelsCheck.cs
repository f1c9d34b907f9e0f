using AiGateway.Application.Pricing;
using AiGateway.Infrastructure.Providers;

namespace AiGateway.Infrastructure.Configuration.Providers;

/// <summary>Checks that every model that providers and routes name has a price: without one it could never be called.</summary>
public static class PricedModelsCheck
{
    /// <summary>The faults; empty when there are none.</summary>
    public static IReadOnlyList<ConfigurationFault> Check(ProviderSetup setup, IPriceBook prices)
    {
        var accounts = setup.Accounts.ToDictionary(account => account.Name, StringComparer.Ordinal);
        var unpricedModels =
            from account in setup.Accounts
            from model in account.Models.Keys
            where prices.Find(account, model) is null
            select new ConfigurationFault($"{ProviderListReader.Section} {account.Name}", $"lists the model {model}, which has no price for {Sellers(account)}; add it to the file of {KnownSettings.PricesFile.Name}");
        var unpricedTargets =
            from route in setup.Routes.Values
            from target in route.Groups.SelectMany(each => each.Targets)
            where accounts.TryGetValue(target.Provider, out var account) && prices.Find(account, target.Model) is null && !account.Models.ContainsKey(target.Model)
            select new ConfigurationFault($"{RouteListReader.Section} {route.Model}", Problem(accounts[target.Provider], target.Model));
        return [.. unpricedModels, .. unpricedTargets];
    }

    private static string Problem(ProviderAccount account, string model) => account.Models.Count > 0
        ? $"names the model {model}, which the provider {account.Name} does not list; it lists {string.Join(", ", account.Models.Keys.Order(StringComparer.Ordinal))}"
        : $"names the model {model} of the provider {account.Name}, which has no price for {Sellers(account)}; add it to the file of {KnownSettings.PricesFile.Name}";

    private static string Sellers(ProviderAccount account) => $"the seller {string.Join(" or ", account.PricedAs)}";
}
