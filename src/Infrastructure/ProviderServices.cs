using AiGateway.Application.Ports;
using AiGateway.Infrastructure.Providers;
using AiGateway.Infrastructure.Providers.Echo;
using AiGateway.Infrastructure.Providers.OpenAi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AiGateway.Infrastructure;

/// <summary>Registers the providers of models, each as an <see cref="IModelAdapter"/>.</summary>
public static class ProviderServices
{
    /// <summary>The names of all providers.</summary>
    public static readonly IReadOnlyList<string> Names = [OpenAiModelAdapter.OpenAi, OpenAiModelAdapter.Azure, EchoModelAdapter.ProviderName];

    /// <summary>
    /// Adds the configured providers, in the default order of attempts. They need the price book, the token counter, a
    /// <see cref="TimeProvider"/> and logging.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="settings">Time-outs and retries of each provider.</param>
    /// <param name="openAi">OpenAI or a compatible server; null: none.</param>
    /// <param name="azureOpenAi">An Azure OpenAI resource; null: none.</param>
    /// <param name="echo">Whether the offline echo provider is added.</param>
    public static IServiceCollection AddProviders(
        this IServiceCollection services,
        ProviderSettings settings,
        OpenAiSettings? openAi = null,
        AzureOpenAiSettings? azureOpenAi = null,
        bool echo = false)
    {
        if (openAi is not null) services.AddOpenAiWire(OpenAiModelAdapter.OpenAi, () => OpenAiConnection.To(openAi), settings);
        if (azureOpenAi is not null) services.AddOpenAiWire(OpenAiModelAdapter.Azure, () => OpenAiConnection.To(azureOpenAi), settings);
        if (echo) services.AddSingleton<IModelAdapter, EchoModelAdapter>();
        return services;
    }

    private static void AddOpenAiWire(
        this IServiceCollection services, string name, Func<OpenAiConnection> connect, ProviderSettings settings) =>
        services.AddSingleton<IModelAdapter>(provider => new OpenAiModelAdapter(
            name,
            connect(),
            settings,
            provider.GetRequiredService<IPriceBook>(),
            provider.GetRequiredService<ITokenCounter>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<OpenAiModelAdapter>>()));
}
