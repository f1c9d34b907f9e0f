using AiGateway.Application.Providers;
using AiGateway.Infrastructure.Configuration.Providers;
using AiGateway.Infrastructure.Providers;
using Microsoft.Extensions.DependencyInjection;

namespace AiGateway.Infrastructure;

/// <summary>Registers the providers of models.</summary>
public static class ProviderServices
{
    /// <summary>
    /// Adds the configured providers and routes. They need the routing policy, the
    /// price book, the token counter, a <see cref="TimeProvider"/> and logging.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="setup">The providers and routes at start.</param>
    public static IServiceCollection AddProviders(this IServiceCollection services, ProviderSetup setup)
    {
        services.AddSingleton(setup);
        services.AddSingleton<ProviderDirectory>();
        services.AddSingleton<IProviderDirectory>(provider => provider.GetRequiredService<ProviderDirectory>());
        return services;
    }

    /// <summary>Follows changes of the providers and routes in the configuration, and switches that another gateway set.</summary>
    /// <param name="services">The services, with the providers.</param>
    /// <param name="defaults">Time-outs and retries of a provider without its own.</param>
    public static IServiceCollection AddProviderReload(this IServiceCollection services, ProviderSettings defaults) =>
        services.AddSingleton(defaults).AddHostedService<ProviderReload>().AddHostedService<SwitchRefresh>();

    /// <summary>Checks the providers at an interval.</summary>
    /// <param name="services">The services, with the providers.</param>
    /// <param name="settings">How often.</param>
    public static IServiceCollection AddProviderChecks(this IServiceCollection services, ProviderCheckSettings settings) =>
        services.AddSingleton(settings).AddHostedService<ProviderChecks>();
}
