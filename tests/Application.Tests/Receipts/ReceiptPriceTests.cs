using AiGateway.Application.Pricing;
using AiGateway.Application.Providers;
using AiGateway.Application.Receipts;
using AiGateway.Application.Usage;
using AiGateway.Domain;
using NSubstitute;

namespace AiGateway.Application.Tests.Receipts;

/// <summary>Which row of which price book a receipt shows.</summary>
internal sealed class ReceiptPriceTests
{
    private const string Running = "prices-8";
    private const string Kept = "prices-7";
    private IPriceBook _prices = null!;
    private IPriceHistory _history = null!;

    [SetUp]
    public void RunVersion8()
    {
        _prices = Substitute.For<IPriceBook>();
        _prices.Version.Returns(Running);
        _history = Substitute.For<IPriceHistory>();
        _history.FindAsync(default!, default).ReturnsForAnyArgs((IPriceRows?)null);
    }

    [Test]
    public async Task Price_OfTheRunningVersion_IsReadFromTheRunningBook()
    {
        Run(Row("alpha", "m", inputUsd: 3));

        var price = await ReadAsync(Record(Running), Alpha());

        Assert.That(Text(price), Is.EqualTo("alpha/m at 3"));
        await _history.DidNotReceiveWithAnyArgs().FindAsync(default!, default);
    }

    [Test]
    public async Task Price_AfterThePriceBookChanged_IsTheOneOfTheCharge()
    {
        Run(Row("alpha", "m", inputUsd: 3));
        Keep(Row("alpha", "m", inputUsd: 2));

        var price = await ReadAsync(Record(Kept, prompt: 1_000_000), Alpha());

        Assert.That(Text(price), Is.EqualTo("alpha/m at 2"));
        Assert.That(price!.ListCostNanoUsd, Is.EqualTo(2 * Money.NanoUsdPerUsd));
    }

    [Test]
    public async Task Price_OfAVersionThatIsNotKept_IsNull()
    {
        Run(Row("alpha", "m", inputUsd: 3));

        Assert.That(await ReadAsync(Record(Kept), Alpha()), Is.Null);
    }

    [Test]
    public async Task Price_OfAKeptVersion_IsThatOfTheConfiguredSellerAndOfTheModelThatWasCalled()
    {
        Keep(Row("alpha", "m", inputUsd: 1), Row("beta", "m", inputUsd: 2), Row("beta", "m-called", inputUsd: 4));

        var price = await ReadAsync(Record(Kept, called: "m-called"), Alpha(pricedAs: "beta"));

        Assert.That(Text(price), Is.EqualTo("beta/m-called at 4"));
    }

    [TestCase("alpha/m gamma/m", "alpha/m at 1", Description = "the seller with the name of the provider")]
    [TestCase("beta/m gamma/other", "beta/m at 1", Description = "the only seller")]
    [TestCase("beta/m gamma/m", null, Description = "either could be meant")]
    [TestCase("beta/m gamma/m gamma/m-asked", null, Description = "the requested name may be an alias of another model")]
    [TestCase("beta/m-asked gamma/other", "beta/m-asked at 1", Description = "the provider answered with a name of its own")]
    [TestCase("beta/other", null)]
    public async Task Price_WhenTheProviderIsNoLongerConfigured_IsTheOnlyRowThatFits(string rows, string? expected)
    {
        Keep([.. rows.Split(' ').Select(row => row.Split('/')).Select(row => Row(row[0], row[1], inputUsd: 1))]);

        Assert.That(Text(await ReadAsync(Record(Kept))), Is.EqualTo(expected));
    }

    [Test]
    public async Task Price_OfTheRunningVersionOfAProviderThatIsNoLongerConfigured_IsFound()
    {
        Run(Row("beta", "m", inputUsd: 3));

        Assert.That(Text(await ReadAsync(Record(Running))), Is.EqualTo("beta/m at 3"));
    }

    [Test]
    public async Task Price_OfAModelThatItsProviderNoLongerServes_IsTheOnlyRowThatFits()
    {
        Keep(Row("beta", "m", inputUsd: 1));

        Assert.That(Text(await ReadAsync(Record(Kept), Alpha(pricedAs: "gamma"))), Is.EqualTo("beta/m at 1"));
    }

    private static string? Text(ReceiptPrice? price) =>
        price is null ? null : $"{price.Provider}/{price.Model} at {price.Price.InputNanoUsdPerMillion / Money.NanoUsdPerUsd}";

    private static PricedModel Row(string seller, string model, long inputUsd) => Sample.Model(model, inputUsd) with { Provider = seller };

    private static IModelAdapter Alpha(string pricedAs = "alpha")
    {
        var adapter = Sample.Adapter("alpha");
        adapter.FindModel(Arg.Any<string>(), Arg.Any<IPriceRows>())
            .Returns(call => call.Arg<IPriceRows>().FindPriced(pricedAs, call.Arg<string>()));
        return adapter;
    }

    private static UsageRecord Record(string version, string? called = null, long prompt = 0) => new()
    {
        Id = Guid.Parse("0193a000-0000-7000-8000-000000000001"),
        UserId = Sample.UserId,
        CreatedAt = Sample.Noon,
        Day = new(2026, 11, 22),
        Month = new(2026, 11, 1),
        Operation = ModelOperation.Chat,
        RequestedModel = "m-asked",
        Model = "m",
        Provider = "alpha",
        Status = UsageStatus.Settled,
        PromptTokens = prompt,
        Attempts = called is null ? null : [new RequestAttempt("alpha", called, AttemptOutcome.Answered, 0, 1)],
        PriceVersion = version,
    };

    private void Run(params PricedModel[] models)
    {
        var rows = new Rows(models);
        _prices.Models.Returns(models);
        _prices.FindPriced(Arg.Any<string>(), Arg.Any<string>()).Returns(call => rows.FindPriced(call.ArgAt<string>(0), call.ArgAt<string>(1)));
    }

    private void Keep(params PricedModel[] models) => _history.FindAsync(Kept, Arg.Any<CancellationToken>()).Returns(new Rows(models));

    private async Task<ReceiptPrice?> ReadAsync(UsageRecord record, params IModelAdapter[] adapters)
    {
        var store = Substitute.For<IReceiptStore>();
        store.FindAsync(record.Id, Arg.Any<UsageSelection>(), Arg.Any<CancellationToken>())
            .Returns(new StoredReceipt(record) { Scopes = [], OtherModels = [], Tags = [], Corrections = [], StoredObjects = [] });
        var reader = new ReceiptReader(store, _prices, _history, new FixedProviders(adapters));
        return (await reader.ReadAsync(record.Id, new UsageSelection(), CancellationToken.None)).Price;
    }

    /// <summary>Rows that are found by their exact names.</summary>
    private sealed class Rows(IReadOnlyList<PricedModel> models) : IPriceRows
    {
        public IReadOnlyList<PricedModel> Models => models;

        public PricedModel? Find(string provider, string model) => FindPriced(provider, model);

        public PricedModel? FindPriced(string pricedAs, string model) => models.FirstOrDefault(each => each.Provider == pricedAs && each.Model == model);
    }
}
