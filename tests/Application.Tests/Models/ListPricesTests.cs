using AiGateway.Application.Pricing;
using AiGateway.Application.Providers;
using AiGateway.Domain;
using NSubstitute;

namespace AiGateway.Application.Tests.Models;

/// <summary>The prices in force, and what an operator should look at.</summary>
internal sealed class ListPricesTests
{
    // The sample price is in force since 2026-01-01, and today is 2026-11-22.
    private static readonly PricedModel Priced = Sample.Model("m-priced");
    private UseCases _useCases = null!;

    [SetUp]
    public void Start() => _useCases = new UseCases(Sample.Adapter("alpha", Priced)) { Defaults = new() { Model = "m-priced", MaxTokens = 100, Limits = QuotaLimits.Unlimited } };

    [TearDown]
    public void Stop() => _useCases.Dispose();

    [TestCase(365, null, "")]
    [TestCase(324, null, "Stale")]
    [TestCase(325, null, "")]
    [TestCase(30, "2026-11-20", "")]
    [TestCase(30, "2026-10-01", "Stale")]
    public async Task Price_ThatWasNotConfirmedForLong_IsStale(int staleAfterDays, string? checkedOn, string warnings)
    {
        _useCases.Prices.Models.Returns([Priced]);
        _useCases.Prices.CheckedOn.Returns(checkedOn is null ? null : DateOnly.Parse(checkedOn, System.Globalization.CultureInfo.InvariantCulture));

        var row = (await _useCases.SendAsync(new ListPrices(null, null, staleAfterDays, null, 50))).Items.Single();

        Assert.That(string.Join(',', row.Warnings), Is.EqualTo(warnings));
        Assert.That(row.Price!.InputNanoUsdPerMillion, Is.EqualTo(Money.NanoUsdPerUsd));
    }

    [Test]
    public async Task Model_ThatIsRetired_IsWarnedOf()
    {
        _useCases.Prices.Models.Returns([Priced with { RetiredOn = new DateOnly(2026, 11, 22) }]);

        Assert.That((await ListAsync()).Single().Warnings, Is.EqualTo([PriceWarning.Retired]));
    }

    [Test]
    public async Task Models_ThatARouteOrTheSettingsNameWithoutAPrice_AreWarnedOf()
    {
        _useCases.Prices.Models.Returns([Priced]);
        _useCases.Defaults = new() { Model = "m-default", MaxTokens = 100, Limits = QuotaLimits.Unlimited };
        _useCases.Routes = new Dictionary<string, ModelRoute> { ["fast"] = new("fast", [new([new("alpha", "m-route"), new("alpha", "m-priced")])]) };

        var rows = await ListAsync();

        Assert.That(
            rows.Select(row => (row.Provider, row.Model, string.Join(',', row.Warnings))),
            Is.EqualTo(new[] { ("alpha", "m-priced", ""), ("alpha", "m-route", "Unpriced"), ("any", "m-default", "Unpriced") }));
    }

    private async Task<IReadOnlyList<PriceRow>> ListAsync() => (await _useCases.SendAsync(new ListPrices(null, null, 365, null, 50))).Items;
}
