using System.Text.Json;
using AiGateway.Api.Tests.Hosting;
using AiGateway.Api.Tests.Routing;

namespace AiGateway.Api.Tests.Admin;

/// <summary>What operators read of routes, providers, prices and refusals.</summary>
internal sealed class OperatorReadTests
{
    private static readonly string[] Models = ["m-one"];
    private RoutedGateway _gateway = null!;

    private GatewayClient Admin => _gateway.Host.Admin;

    [OneTimeSetUp]
    public async Task StartAsync() => _gateway = await RoutedGateway.StartAsync(
        Models, [RoutedGateway.Route("fast", "m-one", ["context"], "alpha", "beta", "gamma"), RoutedGateway.Route("spare", "m-one", [], "gamma")]);

    [OneTimeTearDown]
    public async Task StopAsync() => await _gateway.DisposeAsync();

    [Test]
    public async Task Routes_WhenTargetsAreOffOrFail_SayWhy()
    {
        var user = await _gateway.Host.CreateUserAsync();
        _gateway.Alpha.Answer = Answers.Error(401, "Incorrect API key provided: sk-secret-words", code: "invalid_api_key");
        (await user.Caller.PostAsync("/v1/chat/completions", new { model = "fast", messages = new[] { new { role = "user", content = "Hi" } } })).Expect(200);
        (await Admin.PatchAsync("/api/v1/admin/providers/beta", new { enabled = false, model = "m-one" })).Expect(200);

        var routes = await ItemsAsync("/api/v1/admin/routes");

        Assert.That(routes.Select(route => route.GetProperty("name").GetString()), Is.EqualTo(["fast", "spare"]));
        Assert.That(routes[0].GetProperty("fallbackOn").ToString(), Is.EqualTo("""["context"]"""));
        var targets = routes[0].GetProperty("groups").EnumerateArray().SelectMany(group => group.GetProperty("targets").EnumerateArray()).ToArray();
        Assert.That(
            targets.Select(target => (Text(target, "provider"), target.GetProperty("eligible").GetBoolean(), Text(target, "reason"))),
            Is.EqualTo(new[] { ("alpha", false, "cooling_down"), ("beta", false, "switched_off"), ("gamma", true, null as string) }));
        Assert.That(targets[0].GetProperty("until").GetDateTimeOffset(), Is.GreaterThan(TimeProvider.System.GetUtcNow()));
        Assert.That(targets[2].GetProperty("weight").GetInt32(), Is.EqualTo(1));
    }

    [Test]
    public async Task Routes_ForAPlainModel_NameTheProvidersThatPriceIt()
    {
        var route = (await ItemsAsync("/api/v1/admin/routes?model=m-one")).Single();

        Assert.That(route.GetProperty("configured").GetBoolean(), Is.False);
        Assert.That(route.GetProperty("groups").GetArrayLength(), Is.EqualTo(3));
        Assert.That(await ItemsAsync("/api/v1/admin/routes?model=nothing"), Is.Empty);
    }

    [Test]
    public async Task Providers_AfterAFailure_TellItWithoutTheProvidersWords()
    {
        var user = await _gateway.Host.CreateUserAsync();
        _gateway.Providers[2].Answer = Answers.Error(500, "sk-secret-words");
        await user.Caller.PostAsync("/v1/chat/completions", new { model = "spare", messages = new[] { new { role = "user", content = "Hi" } } });

        var reply = (await Admin.GetAsync("/api/v1/admin/providers")).Expect(200);

        _gateway.Providers[2].Answer = Answers.Completion();
        var gamma = reply.Json.GetProperty("items").EnumerateArray().Single(provider => Text(provider, "name") == "gamma");
        var error = gamma.GetProperty("lastErrors")[0];
        Assert.That((Text(error, "kind"), Text(error, "model"), error.GetProperty("status").GetInt32()), Is.EqualTo(("provider_failed", "m-one", 500)));
        Assert.That(gamma.GetProperty("circuit").ToString(), Is.EqualTo("""{"state":"closed","until":null,"models":[]}"""));
        Assert.That(reply.Text, Does.Not.Contain("secret-words"));
    }

    [Test]
    public async Task Prices_ByPages_AreAllPricesOnceWithTheirSource()
    {
        var whole = new List<string>();
        var next = "";
        do
        {
            var page = (await Admin.GetAsync($"/api/v1/admin/prices?limit=100{next}")).Expect(200).Json;
            whole.AddRange(page.GetProperty("items").EnumerateArray().Select(row => $"{Text(row, "provider")}/{Text(row, "model")}"));
            next = Text(page, "next") is { } after ? $"&next={Uri.EscapeDataString(after)}" : "";
        }
        while (next.Length > 0);

        Assert.That(whole, Has.Count.GreaterThan(100).And.Unique);
        Assert.That(whole, Is.EqualTo(whole.Order(StringComparer.Ordinal)));
    }

    [TestCase("provider=alpha&model=M-ONE", 1)]
    [TestCase("provider=alpha&model=other", 0)]
    [TestCase("provider=nothing", 0)]
    public async Task Prices_WhenFiltered_AreThoseOfTheSellerAndTheText(string query, int count) =>
        Assert.That(await ItemsAsync($"/api/v1/admin/prices?{query}"), Has.Length.EqualTo(count));

    [TestCase("limit=0")]
    [TestCase("limit=201")]
    [TestCase("staleAfterDays=0")]
    public async Task Prices_WithAWrongQuery_AreRefused(string query) =>
        (await Admin.GetAsync($"/api/v1/admin/prices?{query}")).Expect(400, "invalid_request");

    [Test]
    public async Task Refusals_AreCountedByLimitUserAndKey()
    {
        var team = await Admin.CreateTeamAsync();
        var member = await _gateway.Host.CreateUserAsync();
        (await Admin.PutAsync($"/api/v1/admin/users/{member.Id}/team", new { teamId = team.Id })).Expect(200);
        (await Admin.PutAsync($"/api/v1/admin/teams/{team.Id}/budgets", """{"budgets":[{"metric":"requests","window":"day","amount":0}]}""")).Expect(200);
        var spent = await _gateway.Host.CreateUserAsync();
        await Admin.SetQuotaAsync(spent.Id, daily: 0);
        for (var i = 0; i < 3; i++) (await spent.Caller.GenerateAsync(new { prompt = "Hi", model = "spare" })).Expect(429);
        (await member.Caller.GenerateAsync(new { prompt = "Hi", model = "spare" })).Expect(429);

        var report = (await Admin.GetAsync("/api/v1/admin/refusals")).Expect(200).Json;

        Assert.That(report.GetProperty("since").GetDateTimeOffset(), Is.LessThan(TimeProvider.System.GetUtcNow()));
        var lines = report.GetProperty("items").EnumerateArray().ToArray();
        var own = lines.Single(line => line.GetProperty("userId").GetGuid() == spent.Id);
        Assert.That((Text(own, "limit"), own.GetProperty("count").GetInt64(), Text(own, "scopeKind")), Is.EqualTo(("daily_requests", 3L, null as string)));
        Assert.That(own.GetProperty("apiKeyId").ValueKind, Is.EqualTo(JsonValueKind.String));
        var ofTeam = lines.Single(line => line.GetProperty("userId").GetGuid() == member.Id);
        Assert.That((Text(ofTeam, "scopeKind"), ofTeam.GetProperty("scopeId").GetGuid()), Is.EqualTo(("team", team.Id)));
    }

    private async Task<JsonElement[]> ItemsAsync(string path) => [.. (await Admin.GetAsync(path)).Expect(200).Json.GetProperty("items").EnumerateArray()];

    private static string? Text(JsonElement row, string member) => row.GetProperty(member).GetString();
}
