using AiGateway.Application;
using AiGateway.Application.Pricing;
using AiGateway.Domain;
using AiGateway.Infrastructure.Providers;

namespace AiGateway.Infrastructure.Configuration;

/// <summary>Checks the configured default model against the price book.</summary>
public static class DefaultModelCheck
{
    /// <summary>The number of successors that the router follows.</summary>
    private const int MaxSuccessions = 10;
    private const string Provider = "openai";

    /// <summary>A warning to log when the model is retired and its successor is used; null: no warning.</summary>
    /// <param name="defaults">The configured default model.</param>
    /// <param name="providers">The providers and routes: a route may be the default.</param>
    /// <param name="prices">The price book.</param>
    /// <param name="today">The UTC day.</param>
    /// <exception cref="ConfigurationFaultsException">
    /// The model has no price, does not chat, or is retired without an active successor.
    /// </exception>
    public static string? Check(GatewayDefaults defaults, ProviderSetup providers, IPriceBook prices, DateOnly today)
    {
        if (providers.Routes.ContainsKey(defaults.Model)) return null;
        var configured = Find(providers, prices, defaults.Model)
            ?? throw Fault($"the model {defaults.Model} is not in the price book; add it to the file of {KnownSettings.PricesFile.Name} or choose another");
        if (!configured.Capabilities.Chat) throw Fault($"the model {defaults.Model} does not answer chat completions; choose another");
        if (!configured.IsRetiredOn(today)) return null;

        var living = configured;
        for (var i = 0; i < MaxSuccessions && living is { Successor: { } successor } && living.IsRetiredOn(today); i++)
            living = Find(providers, prices, successor);
        return living is not null && !living.IsRetiredOn(today)
            ? $"{KnownSettings.OpenAiModel.Name} is {configured.Model}, which was retired on {configured.RetiredOn:yyyy-MM-dd}: requests that name no model get its successor {living.Model}."
            : throw Fault($"the model {configured.Model} was retired on {configured.RetiredOn:yyyy-MM-dd} and the price book names no active successor; choose another");
    }

    // A model of another vendor may be the default where an account serves it.
    private static PricedModel? Find(ProviderSetup providers, IPriceBook prices, string model)
    {
        foreach (var account in providers.Accounts)
        {
            if (prices.Find(account, model) is { } priced) return priced;
        }

        return prices.Find(Provider, model);
    }

    private static ConfigurationFaultsException Fault(string problem) => new([new(KnownSettings.OpenAiModel.Name, problem)]);
}
