using AiGateway.Application.Pricing;
using AiGateway.Application.Providers;
using AiGateway.Application.Routing;
using AiGateway.Infrastructure.Configuration.Providers;
using AiGateway.Infrastructure.Providers;
using AiGateway.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace AiGateway.Infrastructure.Tests.Providers;

/// <summary>The providers and routes in force.</summary>
[TestFixture]
internal sealed class ProviderServicesTests
{
    private static readonly IReadOnlyDictionary<string, ModelRoute> NoRoutes = new Dictionary<string, ModelRoute>();
    private static readonly ProviderAccount OpenAi = Account("openai", "1");
    private static readonly ProviderAccount Local = Account("local", "2");

    [TestCase(new string[0], new[] { "openai", "local" })]
    [TestCase(new[] { "local" }, new[] { "local", "openai" })]
    public void Providers_AreInTheOperatorsOrder(string[] order, string[] expected)
    {
        using var services = Build(new ProviderSetup([OpenAi, Local], NoRoutes), order);

        Assert.That(NamesOf(services), Is.EqualTo(expected));
    }

    [TestCase(true, new[] { "echo" })]
    [TestCase(false, new string[0])]
    public void Providers_WithoutAnAccount_AreEchoOrEmpty(bool echo, string[] expected)
    {
        using var services = Build(new ProviderSetup([], NoRoutes, echo));

        Assert.That(NamesOf(services), Is.EqualTo(expected));
    }

    [Test]
    public void Replace_KeepsTheAdapterOfAnUnchangedAccount()
    {
        using var services = Build(new ProviderSetup([OpenAi, Local], NoRoutes));
        var directory = services.GetRequiredService<ProviderDirectory>();
        var before = directory.Current;

        Assert.That(directory.Replace(new ProviderSetup([OpenAi, Account("local", "3")], NoRoutes)), Is.True);

        Assert.That(directory.Current.Find("openai"), Is.SameAs(before.Find("openai")));
        Assert.That(directory.Current.Find("local"), Is.Not.SameAs(before.Find("local")));
        Assert.That(directory.Replace(new ProviderSetup([OpenAi, Account("local", "3")], NoRoutes)), Is.False);
    }

    [Test]
    public async Task Providers_WhenTheHostEnds_CloseTheirConnections()
    {
        await using var provider = await ScriptedProvider.StartAsync(Answers.Hang);
        var account = ProviderShorthand.OfOpenAi(provider.Address, "sk-1", new() { MaxRetries = 0, Timeout = TimeSpan.FromSeconds(1) });
        var services = Build(new ProviderSetup([account], NoRoutes));
        var asking = services.GetRequiredService<IProviderDirectory>().Current.Adapters.Single().GenerateAsync(TestCall.Of(), CancellationToken.None);
        await provider.ArrivalsAsync();

        await services.DisposeAsync();

        Assert.That(async () => await asking, Throws.InstanceOf<Domain.ProviderException>());
        await provider.HangUpAsync();
    }

    private static ProviderAccount Account(string name, string fingerprint) =>
        ProviderShorthand.OfOpenAi(new Uri("http://127.0.0.1:1/v1"), "sk-1", new()) with { Name = name, Fingerprint = fingerprint };

    private static IEnumerable<string> NamesOf(ServiceProvider services) =>
        services.GetRequiredService<IProviderDirectory>().Current.Adapters.Select(adapter => adapter.Name);

    private static ServiceProvider Build(ProviderSetup setup, params string[] order) => new ServiceCollection()
        .AddLogging()
        .AddSingleton(TimeProvider.System)
        .AddSingleton<IPriceBook, FixedPrices>()
        .AddSingleton<ITokenCounter, WordTokens>()
        .AddSingleton(new RoutingPolicy(order))
        .AddProviders(setup)
        .BuildServiceProvider();
}
