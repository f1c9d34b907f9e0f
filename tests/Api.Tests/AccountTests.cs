using System.Text.Json;
using System.Text.Json.Nodes;
using AiGateway.Api.Tests.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace AiGateway.Api.Tests;

/// <summary>What callers can read and choose for themselves: usage, preferences, models, estimates.</summary>
internal sealed class AccountTests
{
    private const string Preferences = "/api/v1/ai/preferences";
    private const string OtherModel = "gpt-4o-mini";
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 23, 10, 0, 0, TimeSpan.Zero));
    private GatewayHost _gateway = null!;
    private TestUser _user = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _gateway = await GatewayHost.StartAsync(_time);

    [OneTimeTearDown]
    public async Task StopAsync() => await _gateway.DisposeAsync();

    [SetUp]
    public async Task ResetAsync()
    {
        _gateway.Provider.Reset(Answers.Completion());
        _user = await _gateway.CreateUserAsync();
    }

    [Test]
    public async Task Preference_WhenChosen_IsUsedUnlessTheRequestNamesAModel()
    {
        (await _user.Caller.GetAsync(Preferences)).Expect(200);
        var set = (await _user.Caller.PutAsync(Preferences, new { model = OtherModel, provider = "openai" })).Expect(200);
        Assert.That(set.Text, Is.EqualTo($$"""{"model":"{{OtherModel}}","provider":"openai"}"""));

        (await _user.Caller.GenerateAsync()).Expect(200);
        (await _user.Caller.GenerateAsync(new { prompt = "Hi", model = TestPrices.Model })).Expect(200);
        (await _user.Caller.PutAsync(Preferences, "{}")).Expect(200);
        (await _user.Caller.GenerateAsync()).Expect(200);

        var asked = _gateway.Provider.Seen.Select(seen => JsonNode.Parse(seen.Body)!["model"]!.GetValue<string>());
        Assert.That(asked, Is.EqualTo(new[] { OtherModel, TestPrices.Model, TestPrices.Model }));
        Assert.That((await _user.Caller.GetAsync(Preferences)).Text, Is.EqualTo("""{"model":null,"provider":null}"""));
    }

    [TestCase("""{"model":"unheard-of"}""", "model_not_priced")]
    [TestCase("""{"model":"old-model"}""", "model_not_found")]
    [TestCase("""{"provider":"other"}""", "model_not_found")]
    public async Task Preference_WhenNotServed_IsRefused(string body, string code)
    {
        (await _user.Caller.PutAsync(Preferences, body)).Expect(404, code);

        Assert.That((await _user.Caller.GetAsync(Preferences)).Text, Is.EqualTo("""{"model":null,"provider":null}"""));
    }

    [Test]
    public async Task Models_WhenListed_HavePricesAndRetiredModelsLast()
    {
        var models = (await _user.Caller.GetAsync("/api/v1/ai/models")).Expect(200).Json.GetProperty("items").EnumerateArray().ToArray();

        var odd = models.Single(model => model.GetProperty("model").GetString() == TestPrices.Model);
        Assert.That(odd.GetProperty("prices").GetProperty("inputUsdPerMillion").GetDecimal(), Is.EqualTo(0.123456789m));
        Assert.That(odd.GetProperty("prices").GetProperty("cachedInputUsdPerMillion").GetDecimal(), Is.EqualTo(0.012345679m));
        Assert.That(odd.GetProperty("prices").GetProperty("outputUsdPerMillion").GetDecimal(), Is.EqualTo(7.654321987m));
        Assert.That(odd.GetProperty("contextWindow").GetInt64(), Is.EqualTo(100_000));
        var old = models.Single(model => model.GetProperty("model").GetString() == TestPrices.Retired);
        Assert.That(old.GetProperty("retired").GetBoolean(), Is.True);
        Assert.That(old.GetProperty("retiredOn").GetString(), Is.EqualTo("2021-02-03"));
        Assert.That(old.GetProperty("successor").GetString(), Is.EqualTo(TestPrices.Model));
        Assert.That(models.Select(model => model.GetProperty("retired").GetBoolean()), Is.Ordered);
        var living = (await _user.Caller.GetAsync("/v1/models")).Expect(200).Json.GetProperty("data").EnumerateArray().Select(model => model.GetProperty("id").GetString());
        Assert.That(living, Has.Member(TestPrices.Model).And.No.Member(TestPrices.Retired));
        (await _user.Caller.GetAsync($"/v1/models/{TestPrices.Model}")).Expect(200);
        (await _user.Caller.GetAsync($"/v1/models/{TestPrices.Retired}")).Expect(404);
    }

    [TestCase(0, null, null, "daily_requests")]
    [TestCase(null, 0, null, "monthly_requests")]
    [TestCase(null, null, 0, "monthly_spend")]
    [TestCase(null, null, null, null)]
    public async Task Estimate_WhenRequested_NamesTheRefusingLimitAndHoldsNothing(int? daily, int? monthly, int? spend, string? refusedBy)
    {
        await _gateway.Admin.SetQuotaAsync(_user.Id, daily, monthly, spend);

        var estimate = await _user.Caller.EstimateAsync(new { prompt = "Say hello.", options = new { maxTokens = 100 } });

        var promptTokens = estimate.GetProperty("promptTokens").GetInt64();
        Assert.That(promptTokens, Is.InRange(4, 20));
        Assert.That(estimate.GetProperty("maxCompletionTokens").GetInt64(), Is.EqualTo(100));
        Assert.That(estimate.GetProperty("maxCostUsd").GetDecimal(), Is.EqualTo(TestPrices.CostUsd(promptTokens, 100)));
        Assert.That(estimate.GetProperty("allowed").GetBoolean(), Is.EqualTo(refusedBy is null));
        Assert.That(estimate.GetProperty("refusedBy").GetString(), Is.EqualTo(refusedBy));
        Assert.That(estimate.GetProperty("model").GetString(), Is.EqualTo(TestPrices.Model));
        Assert.That(estimate.GetProperty("provider").GetString(), Is.EqualTo("openai"));
        Assert.That(await _user.Caller.UsageAsync(), Is.Empty);
        Assert.That(_gateway.Provider.Seen, Is.Empty);
    }

    [Test]
    public async Task Usage_WhenPaged_HasEachRecordOnceNewestFirst()
    {
        var ids = new List<Guid>();
        for (var i = 0; i < 5; i++)
        {
            // Two records share a millisecond. The cursor must lose neither.
            if (i != 3) _time.Advance(TimeSpan.FromSeconds(1));
            ids.Add((await _user.Caller.GenerateAsync()).Expect(200).RequestId);
        }

        var seen = new List<Guid>();
        string? next = null;
        do
        {
            var page = (await _user.Caller.GetAsync($"/api/v1/ai/usage?limit=2{(next is null ? "" : $"&next={next}")}")).Expect(200).Json;
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(row => row.GetProperty("id").GetGuid()));
            next = page.GetProperty("next").GetString();
        }
        while (next is not null);

        Assert.That(seen, Is.EquivalentTo(ids));
        Assert.That(seen[0], Is.EqualTo(ids[4]));
        Assert.That(seen[^1], Is.EqualTo(ids[0]));
    }

    [Test]
    public async Task Usage_WhenFiltered_HasOnlyMatchingRecordsOfTheCaller()
    {
        var neighbour = await _gateway.CreateUserAsync();
        (await neighbour.Caller.GenerateAsync()).Expect(200);
        var first = (await _user.Caller.GenerateAsync()).Expect(200).RequestId;
        var start = _time.GetUtcNow();
        _time.Advance(TimeSpan.FromHours(1));
        var second = (await _user.Caller.GenerateAsync(new { prompt = "Hi", model = OtherModel })).Expect(200).RequestId;
        var later = Uri.EscapeDataString($"{_time.GetUtcNow():O}");

        Assert.Multiple(async () =>
        {
            Assert.That(Ids(await _user.Caller.UsageAsync()), Is.EqualTo(new[] { second, first }));
            Assert.That(Ids(await _user.Caller.UsageAsync($"?model={OtherModel}")), Is.EqualTo(new[] { second }));
            Assert.That(Ids(await _user.Caller.UsageAsync($"?from={later}")), Is.EqualTo(new[] { second }));
            Assert.That(Ids(await _user.Caller.UsageAsync($"?to={later}")), Is.EqualTo(new[] { first }));
            Assert.That(Ids(await _user.Caller.UsageAsync($"?to={Uri.EscapeDataString($"{start:O}")}")), Is.Empty);
        });
    }

    private static Guid[] Ids(IReadOnlyList<JsonElement> rows) => [.. rows.Select(row => row.GetProperty("id").GetGuid())];
}
