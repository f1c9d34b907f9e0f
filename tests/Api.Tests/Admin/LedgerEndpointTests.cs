using System.Globalization;
using System.Text.Json;
using AiGateway.Api.Tests.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace AiGateway.Api.Tests.Admin;

/// <summary>The usage of all users, added up, and the check of the counters.</summary>
internal sealed class LedgerEndpointTests
{
    private const string Usage = "/api/v1/admin/usage";
    private FakeTimeProvider _time = null!;
    private GatewayHost _gateway = null!;
    private TestUser _ann = null!;
    private TestUser _bob = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 10, 0, 0, TimeSpan.Zero));
        _gateway = await GatewayHost.StartAsync(_time);
        _ann = await _gateway.CreateUserAsync();
        _bob = await _gateway.CreateUserAsync();
        await SpendAsync(_ann, 100, 10);
        await SpendAsync(_ann, 200, 20, "gpt-4o-mini");
        _time.AdjustTime(_time.GetUtcNow().AddDays(1));
        await SpendAsync(_bob, 30_000, 3_000);
    }

    [TearDown]
    public async Task StopAsync() => await _gateway.DisposeAsync();

    [Test]
    public async Task Usage_WhenGroupedByUser_HasASumForEachMostExpensiveFirst()
    {
        var sums = await SumAsync("?groupBy=user");

        Assert.That(Groups(sums), Is.EqualTo(new[] { $"{_bob.Id}", $"{_ann.Id}" }));
        var bob = sums[0];
        Assert.That(bob.GetProperty("requests").GetInt64(), Is.EqualTo(1));
        Assert.That(bob.GetProperty("promptTokens").GetInt64(), Is.EqualTo(30_000));
        Assert.That(bob.GetProperty("completionTokens").GetInt64(), Is.EqualTo(3_000));
        Assert.That(bob.GetProperty("totalTokens").GetInt64(), Is.EqualTo(33_000));
        Assert.That(bob.GetProperty("costUsd").GetDecimal(), Is.EqualTo(TestPrices.CostUsd(30_000, 3_000)));
        Assert.That(bob.GetProperty("heldUsd").GetDecimal(), Is.Zero);
        Assert.That(sums[1].GetProperty("requests").GetInt64(), Is.EqualTo(2));
    }

    [Test]
    public async Task Usage_WithAnotherGrouping_NamesTheGroups()
    {
        var annsKey = (await _ann.Caller.UsageAsync())[0].GetProperty("apiKeyId").GetString();
        var bobsKey = (await _bob.Caller.UsageAsync())[0].GetProperty("apiKeyId").GetString();

        Assert.Multiple(async () =>
        {
            Assert.That(Groups(await SumAsync("?groupBy=model")), Is.EqualTo(new[] { TestPrices.Model, "gpt-4o-mini" }));
            Assert.That(Groups(await SumAsync("?groupBy=provider")), Is.EqualTo(new[] { "openai" }));
            Assert.That(Groups(await SumAsync("?groupBy=key")), Is.EqualTo(new[] { bobsKey, annsKey }));
            Assert.That(Groups(await SumAsync("?groupBy=day")), Is.EqualTo(new[] { "2026-11-24", "2026-11-23" }));
            Assert.That(Groups(await SumAsync("?groupBy=DAY")), Has.Count.EqualTo(2), "the case of a grouping does not matter");
            Assert.That(Groups(await SumAsync("")), Is.EqualTo(new[] { $"{_bob.Id}", $"{_ann.Id}" }), "without a grouping, usage is grouped by user");
        });
    }

    [TestCase("from=2026-11-24T00:00:00Z", "2026-11-24")]
    [TestCase("to=2026-11-24T00:00:00Z", "2026-11-23")]
    [TestCase("from=2026-11-23T10:00:00Z&to=2026-11-23T10:00:01Z", "2026-11-23")]
    public async Task Usage_WithFromAndTo_IncludesFromAndExcludesTo(string query, string day) =>
        Assert.That(Groups(await SumAsync($"?groupBy=day&{query}")), Is.EqualTo(new[] { day }));

    [Test]
    public async Task Usage_WhenARequestFailed_DoesNotCountIt()
    {
        _gateway.Provider.Answer = Answers.Error(400, "no");
        (await _bob.Caller.GenerateAsync()).Expect(400);

        var bob = (await SumAsync("?groupBy=user"))[0];

        Assert.That(bob.GetProperty("requests").GetInt64(), Is.EqualTo(1));
    }

    [TestCase("requests", "requests")]
    [TestCase("settled_nano_usd", "settled")]
    [TestCase("held_nano_usd", "held")]
    public async Task Verify_WhenACounterWasChanged_NamesIt(string column, string field)
    {
        await _gateway.Admin.VerifyAsync();
        var before = long.Parse($"{_gateway.Folder.Read<long>($"SELECT {column} FROM quota_counters WHERE lower(user_id) = '{_bob.Id}' AND kind = 2")}", CultureInfo.InvariantCulture);
        _gateway.Folder.Execute($"UPDATE quota_counters SET {column} = {column} + 7 WHERE lower(user_id) = '{_bob.Id}' AND kind = 2");

        var found = (await _gateway.Admin.SendAsync(HttpMethod.Post, "/api/v1/admin/ledger/verify")).Expect(200).Json;

        Assert.That(found.GetProperty("balanced").GetBoolean(), Is.False);
        Assert.That(found.GetProperty("rows").GetInt64(), Is.EqualTo(3));
        Assert.That(found.GetProperty("differences").EnumerateArray().Single().GetRawText(), Is.EqualTo(
            $$"""{"userId":"{{_bob.Id}}","period":"month","start":"2026-11-01","field":"{{field}}","counter":{{before + 7}},"records":{{before}}}"""));
    }

    [Test]
    public async Task Verify_WhenARecordWasDeleted_NamesEveryCounterThatIncludedIt()
    {
        await _gateway.Admin.VerifyAsync();
        _gateway.Folder.Execute($"DELETE FROM usage_records WHERE lower(user_id) = '{_bob.Id}'");

        var found = (await _gateway.Admin.SendAsync(HttpMethod.Post, "/api/v1/admin/ledger/verify")).Expect(200).Json;

        var named = found.GetProperty("differences").EnumerateArray()
            .Select(difference => (difference.GetProperty("period").GetString(), difference.GetProperty("field").GetString()));
        Assert.That(named, Is.EquivalentTo(new[] { ("day", "requests"), ("day", "settled"), ("month", "requests"), ("month", "settled") }));
    }

    private async Task SpendAsync(TestUser user, long prompt, long completion, string? model = null)
    {
        _gateway.Provider.Answer = Answers.Completion(prompt: prompt, completion: completion);
        (await user.Caller.GenerateAsync(new { prompt = "Hi", model })).Expect(200);
    }

    private async Task<JsonElement[]> SumAsync(string query) =>
        [.. (await _gateway.Admin.GetAsync(Usage + query)).Expect(200).Json.GetProperty("items").EnumerateArray()];

    private static List<string?> Groups(JsonElement[] sums) => [.. sums.Select(sum => sum.GetProperty("group").GetString())];
}
