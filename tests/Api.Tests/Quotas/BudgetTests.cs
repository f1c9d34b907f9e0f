using System.Text.Json;
using AiGateway.Api.Tests.Hosting;

namespace AiGateway.Api.Tests.Quotas;

/// <summary>Budgets as an administrator sets them, and as a caller meets them.</summary>
internal sealed class BudgetTests
{
    private const string Generate = "/api/v1/ai/generate";
    private GatewayHost _gateway = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _gateway = await GatewayHost.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await _gateway.DisposeAsync();

    [SetUp]
    public void Reset() => _gateway.Provider.Reset(Answers.Completion());

    [Test]
    public async Task Key_WithItsBudgetUsedUp_IsRefusedWithScopeLimitAndReset_AndOtherKeysGoOn()
    {
        var user = await _gateway.CreateUserAsync();
        var (key, other) = (await CreateKeyAsync(user.Id), await _gateway.Admin.CreateKeyAsync(user.Id, ["ai:generate"]));
        (await key.Caller.GenerateAsync()).Expect(200);

        var set = (await SetAsync("keys", key.Id, new { metric = "requests", window = "month", amount = 2 })).Expect(200).Json;
        (await key.Caller.GenerateAsync()).Expect(200);
        var refused = (await key.Caller.GenerateAsync()).Expect(429, "quota_exceeded").Json;
        (await other.GenerateAsync()).Expect(200);

        var budget = set.GetProperty("budgets")[0];
        Assert.That((budget.GetProperty("used").GetDecimal(), budget.GetProperty("remaining").GetDecimal()), Is.EqualTo((1m, 1m)), "what was used before counts");
        Assert.That(refused.GetProperty("limit").GetString(), Is.EqualTo("monthly_requests"));
        Assert.That(refused.GetProperty("scope").GetProperty("kind").GetString(), Is.EqualTo("key"));
        Assert.That(refused.GetProperty("scope").GetProperty("id").GetGuid(), Is.EqualTo(key.Id));
        Assert.That(refused.GetProperty("resetsAt").GetDateTimeOffset(), Is.EqualTo(budget.GetProperty("resetsAt").GetDateTimeOffset()));
        var own = (await key.Caller.QuotaAsync()).GetProperty("budgets").EnumerateArray().Single();
        Assert.That((own.GetProperty("used").GetDecimal(), own.GetProperty("remaining").GetDecimal()), Is.EqualTo((2m, 0m)));
        await _gateway.Admin.VerifyAsync();
    }

    [Test]
    public async Task KeysOfATeam_ShareItsBudget_AndTheRefusalNamesTheTeam()
    {
        var organisation = await CreateAsync("organisations", new { name = "Acme" });
        var team = await CreateAsync("teams", new { name = "Search", organisationId = organisation });
        var user = await _gateway.CreateUserAsync();
        var (first, second) = (await CreateKeyAsync(user.Id, team), await CreateKeyAsync(user.Id, team));
        (await SetAsync("teams", team, new { metric = "requests", window = "total", amount = 2 })).Expect(200);
        (await SetAsync("organisations", organisation, new { metric = "requests", window = "total", amount = 5 })).Expect(200);

        (await first.Caller.GenerateAsync()).Expect(200);
        (await second.Caller.GenerateAsync()).Expect(200);
        var refused = (await first.Caller.GenerateAsync()).Expect(429, "quota_exceeded").Json;

        Assert.That(refused.GetProperty("scope").GetProperty("name").GetString(), Is.EqualTo("Search"));
        Assert.That(refused.GetProperty("detail").GetString(), Does.Contain("total_requests (team Search) limit of 2 is used up. It never resets."));
        Assert.That((await BudgetsAsync("organisations", organisation))[0].GetProperty("used").GetDecimal(), Is.EqualTo(2));
        Assert.That(NamesOf((await second.Caller.QuotaAsync()).GetProperty("budgets")), Is.EqualTo(["total_requests", "total_requests"]), "team and organisation");
        await _gateway.Admin.VerifyAsync();
    }

    [Test]
    public async Task User_WithBudgets_StillHasTheThreeLimitsAsAView()
    {
        var user = await _gateway.CreateUserAsync();
        var quota = $"/api/v1/admin/users/{user.Id}/quota";
        var budgets = (await SetAsync(
            "users", user.Id, new { metric = "requests", window = "day", amount = 5 }, new { metric = "spend", window = "month", amount = "2.50" },
            new { metric = "tokens", window = "total", amount = 1_000_000 })).Expect(200).Json.GetProperty("budgets");
        var view = (await _gateway.Admin.GetAsync(quota)).Expect(200).Json;

        Assert.That(NamesOf(budgets), Is.EqualTo(["daily_requests", "monthly_spend", "total_tokens"]));
        Assert.That(budgets[1].GetProperty("amount").GetDecimal(), Is.EqualTo(2.5m));
        Assert.That((view.GetProperty("dailyRequests").GetInt64(), view.GetProperty("monthlySpendUsd").GetDecimal()), Is.EqualTo((5L, 2.5m)));
        Assert.That(view.GetProperty("monthlyRequests").ValueKind, Is.EqualTo(JsonValueKind.Null));

        (await _gateway.Admin.PutAsync(quota, new { monthlyRequests = 9 })).Expect(200);
        Assert.That(NamesOf(await BudgetsAsync("users", user.Id)), Is.EqualTo(["monthly_requests", "total_tokens"]), "other budgets stay");

        (await _gateway.Admin.DeleteAsync($"/api/v1/admin/users/{user.Id}/budgets")).Expect(204);
        var defaults = (await _gateway.Admin.GetAsync($"/api/v1/admin/users/{user.Id}/budgets")).Expect(200).Json;
        Assert.That(defaults.GetProperty("isDefault").GetBoolean(), Is.True);
        Assert.That(NamesOf(defaults.GetProperty("budgets")), Is.EqualTo(["daily_requests", "monthly_requests", "monthly_spend"]));

        (await SetAsync("users", user.Id)).Expect(200);
        Assert.That(await BudgetsAsync("users", user.Id).ContinueWith(each => each.Result.GetArrayLength(), TaskScheduler.Default), Is.Zero, "an empty list: no limit");
    }

    [Test]
    public async Task TokenBudget_TooSmallForTheRequest_NamesTheOutputLimitThatFits()
    {
        var user = await _gateway.CreateUserAsync();
        (await SetAsync("users", user.Id, new { metric = "tokens", window = "week", amount = 60 })).Expect(200);

        var refused = (await user.Caller.PostAsync(Generate, Request(100))).Expect(429, "quota_exceeded");
        var fits = int.Parse(System.Text.RegularExpressions.Regex.Match(refused.Text, "at most ([0-9]+) tokens").Groups[1].Value, null);

        (await user.Caller.PostAsync(Generate, Request(fits + 1))).Expect(429, "quota_exceeded");
        (await user.Caller.PostAsync(Generate, Request(fits))).Expect(200);
    }

    [Test]
    public async Task ConcurrentBudget_WhenItIsReached_IsAMatterOfWaiting()
    {
        var user = await _gateway.CreateUserAsync();
        (await SetAsync("users", user.Id, new { metric = "concurrent", amount = 0 })).Expect(200);

        var refused = (await user.Caller.GenerateAsync()).Expect(429, "rate_limited");

        Assert.That(refused.Json.GetProperty("limit").GetString(), Is.EqualTo("concurrent_requests"));
        Assert.That(refused.Header("Retry-After"), Is.EqualTo("1"));
    }

    [Test]
    public async Task Estimate_WithABudget_DecidesAsGenerateDoes()
    {
        var user = await _gateway.CreateUserAsync();
        (await SetAsync("users", user.Id, new { metric = "requests", window = "total", amount = 0 })).Expect(200);

        var estimate = (await user.Caller.PostAsync("/api/v1/ai/estimate", new { prompt = "Hi" })).Expect(200).Json;

        Assert.That((estimate.GetProperty("allowed").GetBoolean(), estimate.GetProperty("refusedBy").GetString()), Is.EqualTo((false, "total_requests")));
    }

    [TestCase("""{"metric":"spends","window":"day","amount":1}""", "budgets[0].metric")]
    [TestCase("""{"metric":"spend","window":"decade","amount":1}""", "budgets[0].window")]
    [TestCase("""{"metric":"spend","amount":1}""", "budgets[0].window")]
    [TestCase("""{"metric":"concurrent","window":"day","amount":1}""", "budgets[0].window")]
    [TestCase("""{"metric":"spend","window":"days","amount":1}""", "budgets[0].days")]
    [TestCase("""{"metric":"spend","window":"day","days":3,"amount":1}""", "budgets[0].days")]
    [TestCase("""{"metric":"tokens","window":"day","amount":1.5}""", "budgets[0].amount")]
    [TestCase("""{"metric":"spend","window":"day","amount":-1}""", "budgets[0].amount")]
    [TestCase("""{"metric":"spend","window":"day"}""", "budgets[0].amount")]
    [TestCase("""{"metric":"spend","window":"day","amount":1,"mode":"firm"}""", "budgets[0].mode")]
    [TestCase("""{"metric":"spend","window":"day","amount":1,"model":"g*t"}""", "budgets[0].model")]
    [TestCase("""{"metric":"spend","window":"day","amount":1,"alertPercents":[0]}""", "budgets[0].alertPercents")]
    [TestCase("""{"metric":"spend","window":"total","amount":1,"rollOverCap":1}""", "budgets[0].rollOverCap")]
    public async Task Budgets_WithAFault_AreRefusedByName(string budget, string field)
    {
        var user = await _gateway.CreateUserAsync();
        var body = JsonDocument.Parse($$"""{"budgets":[{{budget}}]}""").RootElement;

        var refused = (await _gateway.Admin.PutAsync($"/api/v1/admin/users/{user.Id}/budgets", body)).Expect(400, "invalid_request");

        Assert.That(refused.Json.GetProperty("errors").EnumerateArray().Select(fault => fault.GetProperty("field").GetString()), Has.Member(field));
    }

    [Test]
    public async Task Budgets_OfAScopeThatDoesNotExist_AreNotFound([Values("organisations", "teams", "projects", "users", "keys")] string scopes)
    {
        (await SetAsync(scopes, Guid.CreateVersion7(TimeProvider.System.GetUtcNow()), new { metric = "requests", window = "day", amount = 1 })).Expect(404, "not_found");
        (await _gateway.Admin.GetAsync($"/api/v1/admin/{scopes}/{Guid.CreateVersion7(TimeProvider.System.GetUtcNow())}/budgets")).Expect(404, "not_found");
    }

    [Test]
    public async Task Verify_WhenTheCounterOfABudgetIsChanged_NamesIt()
    {
        await using var gateway = await GatewayHost.StartAsync();
        gateway.Provider.Reset(Answers.Completion());
        var user = await gateway.CreateUserAsync();
        (await gateway.Admin.PutAsync(
            $"/api/v1/admin/users/{user.Id}/budgets", new { budgets = new[] { new { metric = "tokens", window = "year", amount = 100_000 } } })).Expect(200);
        (await user.Caller.GenerateAsync()).Expect(200);
        await gateway.Admin.VerifyAsync();

        gateway.Folder.Execute("UPDATE budget_counters SET requests = 7");
        var found = (await gateway.Admin.SendAsync(HttpMethod.Post, "/api/v1/admin/ledger/verify")).Expect(200).Json;

        Assert.That(found.GetProperty("balanced").GetBoolean(), Is.False);
        var difference = found.GetProperty("budgetDifferences").EnumerateArray().Single();
        Assert.That(
            (difference.GetProperty("kind").GetString(), difference.GetProperty("scopeId").GetGuid(), difference.GetProperty("window").GetString(),
                difference.GetProperty("field").GetString(), difference.GetProperty("counter").GetInt64(), difference.GetProperty("records").GetInt64()),
            Is.EqualTo(("user", user.Id, "year", "requests", 7L, 1L)));
    }

    private static object Request(int maxTokens) => new { prompt = "Hi", options = new { maxTokens } };

    private Task<Reply> SetAsync(string scopes, Guid id, params object[] budgets) =>
        _gateway.Admin.PutAsync($"/api/v1/admin/{scopes}/{id}/budgets", new { budgets });

    private async Task<JsonElement> BudgetsAsync(string scopes, Guid id) =>
        (await _gateway.Admin.GetAsync($"/api/v1/admin/{scopes}/{id}/budgets")).Expect(200).Json.GetProperty("budgets");

    private static IEnumerable<string?> NamesOf(JsonElement budgets) => budgets.EnumerateArray().Select(each => each.GetProperty("limit").GetString());

    private async Task<Guid> CreateAsync(string scopes, object body) =>
        (await _gateway.Admin.PostAsync($"/api/v1/admin/{scopes}", body)).Expect(201).Json.GetProperty("id").GetGuid();

    private async Task<(Guid Id, GatewayClient Caller)> CreateKeyAsync(Guid user, Guid? teamId = null)
    {
        var made = (await _gateway.Admin.PostAsync("/api/v1/admin/keys", new { userId = user, name = "budgeted", teamId })).Expect(201).Json;
        return (made.GetProperty("id").GetGuid(), _gateway.Admin.As(made.GetProperty("key").GetString()!));
    }
}
