using System.Text.Json;
using AiGateway.Api.Tests.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace AiGateway.Api.Tests.Quotas;

/// <summary>Each limit, tested at its exact edge.</summary>
internal sealed class QuotaLimitTests
{
    private const decimal NanoUsd = 0.000000001m;
    private const string Tomorrow = "2026-11-24T00:00:00+00:00";
    private const string NextMonth = "2026-12-01T00:00:00+00:00";
    private static readonly object Body = new { prompt = "Say hello.", options = new { maxTokens = 100 } };
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 23, 10, 15, 0, TimeSpan.Zero));
    private GatewayHost _gateway = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _gateway = await GatewayHost.StartAsync(
        _time, ("AI_QUOTA_DAILY_LIMIT", "3"), ("AI_QUOTA_MONTHLY_LIMIT", "40"), ("AI_QUOTA_MONTHLY_SPEND_LIMIT", "0.5"));

    [OneTimeTearDown]
    public async Task StopAsync() => await _gateway.DisposeAsync();

    [SetUp]
    public void Reset() => _gateway.Provider.Reset(Answers.Completion());

    [TestCase(2, null, "daily_requests", Tomorrow)]
    [TestCase(null, 2, "monthly_requests", NextMonth)]
    [TestCase(2, 2, "daily_requests", Tomorrow)]
    public async Task Generate_WhenARequestLimitIsUsedUp_IsRefusedWithTheLimitNamed(long? daily, long? monthly, string limit, string resetsAt)
    {
        var user = await _gateway.CreateUserAsync();
        await _gateway.Admin.SetQuotaAsync(user.Id, daily, monthly);

        (await user.Caller.GenerateAsync(Body)).Expect(200);
        (await user.Caller.GenerateAsync(Body)).Expect(200);
        var refused = (await user.Caller.GenerateAsync(Body)).Expect(429, "quota_exceeded");

        Assert.That(refused.Json.GetProperty("limit").GetString(), Is.EqualTo(limit));
        Assert.That(refused.Json.GetProperty("resetsAt").GetString(), Is.EqualTo(resetsAt));
        Assert.That(refused.Header("x-should-retry"), Is.EqualTo("false"));
        Assert.That(_gateway.Provider.Seen, Has.Count.EqualTo(2));
        Assert.That(await user.Caller.UsageAsync(), Has.Count.EqualTo(2), "a refused request has no usage record");
    }

    [Test]
    public async Task Generate_WhenTheBudgetEqualsTheMaximumCost_IsAdmittedAndANanoDollarLessIsRefused()
    {
        var user = await _gateway.CreateUserAsync();
        var worst = (await user.Caller.EstimateAsync(Body)).GetProperty("maxCostUsd").GetDecimal();

        await _gateway.Admin.SetQuotaAsync(user.Id, spend: worst - NanoUsd);
        var refused = (await user.Caller.GenerateAsync(Body)).Expect(429, "quota_exceeded");
        await _gateway.Admin.SetQuotaAsync(user.Id, spend: worst);
        var admitted = (await user.Caller.GenerateAsync(Body)).Expect(200);

        Assert.That(refused.Json.GetProperty("limit").GetString(), Is.EqualTo("monthly_spend"));
        Assert.That(refused.Json.GetProperty("resetsAt").GetString(), Is.EqualTo(NextMonth));
        Assert.That(admitted.Json.GetProperty("costUsd").GetDecimal(), Is.LessThan(worst), "the rest of the hold was released");
        (await user.Caller.GenerateAsync(Body)).Expect(429, "quota_exceeded");
        Assert.That(_gateway.Provider.Seen, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Generate_WhenItCostLessThanItsHold_LeavesTheDifferenceForFurtherRequests()
    {
        var user = await _gateway.CreateUserAsync();
        var worst = (await user.Caller.EstimateAsync(Body)).GetProperty("maxCostUsd").GetDecimal();
        var cost = TestPrices.CostUsd(11, 3);

        await _gateway.Admin.SetQuotaAsync(user.Id, spend: worst + cost);

        (await user.Caller.GenerateAsync(Body)).Expect(200);
        (await user.Caller.GenerateAsync(Body)).Expect(200);
        (await user.Caller.GenerateAsync(Body)).Expect(429, "quota_exceeded");
        Assert.That((await user.Caller.QuotaAsync()).GetProperty("monthlySpendUsd").GetProperty("used").GetDecimal(), Is.EqualTo(2 * cost));
    }

    [Test]
    public async Task Limits_WhenChanged_ApplyFromTheNextRequest()
    {
        var user = await _gateway.CreateUserAsync();
        await _gateway.Admin.SetQuotaAsync(user.Id, daily: 1);
        (await user.Caller.GenerateAsync(Body)).Expect(200);
        (await user.Caller.GenerateAsync(Body)).Expect(429, "quota_exceeded");

        await _gateway.Admin.SetQuotaAsync(user.Id, daily: 2);
        (await user.Caller.GenerateAsync(Body)).Expect(200);
        await _gateway.Admin.SetQuotaAsync(user.Id, daily: 0);
        (await user.Caller.GenerateAsync(Body)).Expect(429, "quota_exceeded");
        await _gateway.Admin.SetQuotaAsync(user.Id);
        (await user.Caller.GenerateAsync(Body)).Expect(200);
    }

    [Test]
    public async Task Limits_WhenAUserHasNone_AreTheConfiguredDefaults()
    {
        var created = (await _gateway.Admin.PostAsync("/api/v1/admin/users", new { name = "New" })).Expect(201);
        var id = created.Json.GetProperty("id").GetGuid();
        var caller = await _gateway.Admin.CreateKeyAsync(id);

        var limits = (await _gateway.Admin.GetAsync($"/api/v1/admin/users/{id}/quota")).Expect(200);
        Assert.That(limits.Text, Is.EqualTo("""{"dailyRequests":3,"monthlyRequests":40,"monthlySpendUsd":0.5,"isDefault":true}"""));
        for (var i = 0; i < 3; i++) (await caller.GenerateAsync(Body)).Expect(200);
        var refused = (await caller.GenerateAsync(Body)).Expect(429, "quota_exceeded");
        Assert.That(refused.Json.GetProperty("limit").GetString(), Is.EqualTo("daily_requests"));
    }

    [Test]
    public async Task Limits_WhenUnlimited_HaveNoLimitAndNoRemainder()
    {
        var user = await _gateway.CreateUserAsync();
        for (var i = 0; i < 5; i++) (await user.Caller.GenerateAsync(Body)).Expect(200);

        foreach (var limit in (await user.Caller.QuotaAsync()).EnumerateObject().Where(each => each.Name is not ("budgets" or "rates")))
        {
            Assert.That(limit.Value.GetProperty("limit").ValueKind, Is.EqualTo(JsonValueKind.Null), limit.Name);
            Assert.That(limit.Value.GetProperty("remaining").ValueKind, Is.EqualTo(JsonValueKind.Null), limit.Name);
            Assert.That(limit.Value.GetProperty("used").GetDecimal(), Is.GreaterThan(0), limit.Name);
        }
    }

    [Test]
    public async Task Quota_BeforeDuringAndAfterARequest_ShowsItsHoldAndCost()
    {
        var user = await _gateway.CreateUserAsync();
        var worst = (await user.Caller.EstimateAsync(Body)).GetProperty("maxCostUsd").GetDecimal();
        await _gateway.Admin.SetQuotaAsync(user.Id, daily: 10, monthly: 100, spend: 1);
        var release = new TaskCompletionSource();
        _gateway.Provider.Reset(Answers.After(release.Task, Answers.Completion()));

        var before = await user.Caller.QuotaAsync();
        var request = user.Caller.GenerateAsync(Body);
        await _gateway.Provider.ArrivalsAsync();
        var during = await user.Caller.QuotaAsync();
        release.SetResult();
        (await request).Expect(200);
        var after = await user.Caller.QuotaAsync();

        var cost = TestPrices.CostUsd(11, 3);
        Assert.That(Numbers(before), Is.EqualTo(new[] { 10m, 0, 0, 10, 100, 0, 0, 100, 1, 0, 0, 1 }));
        Assert.That(Numbers(during), Is.EqualTo(new[] { 10m, 1, 0, 9, 100, 1, 0, 99, 1, 0, worst, 1 - worst }));
        Assert.That(Numbers(after), Is.EqualTo(new[] { 10m, 1, 0, 9, 100, 1, 0, 99, 1, cost, 0, 1 - cost }));
        Assert.That(during.GetProperty("dailyRequests").GetProperty("resetsAt").GetString(), Is.EqualTo(Tomorrow));
        Assert.That(during.GetProperty("monthlySpendUsd").GetProperty("resetsAt").GetString(), Is.EqualTo(NextMonth));
    }

    private static decimal[] Numbers(JsonElement quota) =>
    [
        .. from limit in (string[])["dailyRequests", "monthlyRequests", "monthlySpendUsd"]
           from number in (string[])["limit", "used", "held", "remaining"]
           select quota.GetProperty(limit).GetProperty(number).GetDecimal(),
    ];
}
