using AiGateway.Application.Models;
using AiGateway.Domain;
using NSubstitute;

namespace AiGateway.Application.Tests.Models;

public sealed class ListModelsTests
{
    private static readonly PricedModel Changing = Sample.Model("m-a") with
    {
        Prices = [Sample.Price(1, 2, new(2026, 1, 1)), Sample.Price(3, 4, new(2026, 11, 23))],
    };

    private static readonly PricedModel Retiring = Sample.Model("m-b") with { RetiredOn = new(2026, 11, 23) };

    [Test]
    public async Task List_Always_HasTheModelsOfEachProvider()
    {
        using var useCases = new UseCases(Sample.Adapter("alpha", Changing, Retiring), Sample.Adapter("beta", Retiring));
        useCases.Prices.Models.Returns([Changing, Retiring, Retiring with { Provider = "beta" }, Sample.Model("m-unserved")]);

        var models = await useCases.SendAsync(new ListModels(ModelAccess.All));

        Assert.That(
            models.Select(model => (model.Provider, model.Model.Model, model.IsRetired)),
            Is.EqualTo([("alpha", "m-a", false), ("alpha", "m-b", false), ("beta", "m-b", false)]));
    }

    [Test]
    public async Task List_AfterMidnight_ShowsTheNewPriceAndPutsRetiredModelsLast()
    {
        using var useCases = new UseCases(Sample.Adapter("alpha", Retiring, Changing));
        useCases.Prices.Models.Returns([Retiring, Changing]);

        var before = await useCases.SendAsync(new ListModels(ModelAccess.All));
        useCases.Time.SetUtcNow(new(2026, 11, 23, 0, 0, 0, TimeSpan.Zero));
        var after = await useCases.SendAsync(new ListModels(ModelAccess.All));

        Assert.That(before.Select(Describe), Is.EqualTo([("m-b", 1L, false), ("m-a", 1L, false)]));
        Assert.That(after.Select(Describe), Is.EqualTo([("m-a", 3L, false), ("m-b", 1L, true)]));
    }

    private static (string Model, long InputUsd, bool IsRetired) Describe(ServedModel served) =>
        (served.Model.Model, served.Price.InputNanoUsdPerMillion / Money.NanoUsdPerUsd, served.IsRetired);
}
