using AiGateway.Application.Pricing;
using AiGateway.Infrastructure.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AiGateway.Infrastructure.Tests;

public sealed class PricingServicesTests
{
    [Test]
    public void AddPricing_WithoutAFile_RegistersThePriceBookThatItReturnsAndACounter()
    {
        var services = new ServiceCollection();
        var book = services.AddPricing(pricesFile: null);
        using var provider = services.BuildServiceProvider();
        Assert.Multiple(() =>
        {
            Assert.That(provider.GetRequiredService<IPriceBook>(), Is.SameAs(book));
            Assert.That(provider.GetRequiredService<ITokenCounter>().CountText("gpt-4o", "hello world"), Is.EqualTo(2));
        });
    }

    [Test]
    public void AddPricing_WithAFaultyFile_ThrowsAtOnce()
    {
        using var file = new TempFile("{}");
        Assert.That(() => new ServiceCollection().AddPricing(file.Path), Throws.TypeOf<ConfigurationFaultsException>());
    }
}
