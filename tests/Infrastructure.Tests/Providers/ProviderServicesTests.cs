using AiGateway.Application.Pricing;
using AiGateway.Application.Providers;
using AiGateway.Infrastructure.Providers;
using AiGateway.Infrastructure.Providers.OpenAi;
using AiGateway.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace AiGateway.Infrastructure.Tests.Providers;

[TestFixture]
internal sealed class ProviderServicesTests
{
    private static readonly OpenAiSettings OpenAi = new() { ApiKey = "sk-1" };
    private static readonly AzureOpenAiSettings Azure = new() { ApiKey = "az-1", Endpoint = new Uri("https://example.invalid") };

    [Test]
    public void Providers_WhenAllAreConfigured_AreOfferedInOrder() =>
        Assert.That(NamesOf(services => services.AddProviders(new ProviderSettings(), OpenAi, Azure, echo: true)),
            Is.EqualTo(new[] { "openai", "azure-openai", "echo" }));

    [Test]
    public void Providers_WhenOneIsConfigured_IsOfferedAlone() =>
        Assert.That(NamesOf(services => services.AddProviders(new ProviderSettings(), azureOpenAi: Azure)), Is.EqualTo(new[] { "azure-openai" }));

    [Test]
    public void Providers_WhenNoneIsConfigured_AreNone() =>
        Assert.That(NamesOf(services => services.AddProviders(new ProviderSettings())), Is.Empty);

    [Test]
    public async Task Providers_WhenTheHostEnds_CloseTheirConnections()
    {
        await using var provider = await ScriptedProvider.StartAsync(Answers.Hang);
        var services = Build(all => all.AddProviders(new ProviderSettings { MaxRetries = 0 }, OpenAi with { BaseUrl = provider.Address }));
        var asking = services.GetRequiredService<IModelAdapter>().GenerateAsync(TestCall.Of(), CancellationToken.None);
        await provider.ArrivalsAsync();

        await services.DisposeAsync();

        Assert.That(async () => await asking, Throws.InstanceOf<Domain.ProviderException>());
        await provider.HangUpAsync();
    }

    private static string[] NamesOf(Action<IServiceCollection> add)
    {
        using var services = Build(add);
        return [.. services.GetServices<IModelAdapter>().Select(adapter => adapter.Name)];
    }

    private static ServiceProvider Build(Action<IServiceCollection> add)
    {
        var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(TimeProvider.System)
            .AddSingleton<IPriceBook, FixedPrices>()
            .AddSingleton<ITokenCounter, WordTokens>();
        add(services);
        return services.BuildServiceProvider();
    }
}
