using AiGateway.Application.Pricing;
using AiGateway.Infrastructure.Configuration;
using AiGateway.Infrastructure.Pricing;
using AiGateway.Infrastructure.Pricing.Tokens;
using Microsoft.Extensions.DependencyInjection;

namespace AiGateway.Infrastructure;

/// <summary>Registers prices and token counting.</summary>
public static class PricingServices
{
    /// <summary>Adds the price book and the token counter, and returns the book, which is loaded before the start.</summary>
    /// <param name="services">The services.</param>
    /// <param name="pricesFile">A file merged over the built-in prices; null: none.</param>
    /// <exception cref="ConfigurationFaultsException">The file has faults, each named with its line.</exception>
    public static PriceBook AddPricing(this IServiceCollection services, string? pricesFile)
    {
        var book = Load(pricesFile);
        services.AddSingleton<IPriceBook>(book);
        services.AddSingleton<ITokenCounter, TokenCounter>();
        services.AddHostedService<TokenizerWarmUp>();
        return book;
    }

    private static PriceBook Load(string? pricesFile)
    {
        try
        {
            return PriceBook.Load(pricesFile);
        }
        catch (PriceFileException faulty)
        {
            throw ConfigurationFaultsException.Of(faulty);
        }
    }
}
