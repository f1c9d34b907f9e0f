using System.Text.Json;
using AiGateway.Api.Tests.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace AiGateway.Api.Tests.Reports;

/// <summary>The monthly statement of a team: its totals are the sums of its rows, of its days, and of the records.</summary>
internal sealed class StatementTests
{
    private const string Admin = "/api/v1/admin";
    private FakeTimeProvider _time = null!;
    private GatewayHost _gateway = null!;
    private Guid _team;
    private Guid _project;
    private Guid _corrected;
    private JsonElement _october;

    [OneTimeSetUp]
    public async Task FillAsync()
    {
        _time = new FakeTimeProvider(new DateTimeOffset(2026, 10, 30, 10, 0, 0, TimeSpan.Zero));
        _gateway = await GatewayHost.StartAsync(_time);
        _team = (await _gateway.Admin.CreateTeamAsync()).Id;
        _project = await _gateway.Admin.CreateAsync("projects", new { name = "Index", teamId = _team });
        var user = await _gateway.Admin.CreateUserAsync("Bea");
        (await _gateway.Admin.PutAsync($"{Admin}/users/{user.Id}/team", new { teamId = _team })).Expect(200);
        var key = (await _gateway.Admin.PostAsync($"{Admin}/keys", new { userId = user.Id, name = "build", projectId = _project })).Expect(201).Json.GetProperty("key").GetString();
        var stranger = await _gateway.CreateUserAsync();
        foreach (var caller in (GatewayClient[])[user.Caller, _gateway.Admin.As(key), stranger.Caller])
        {
            await SpendAsync(caller, 100, 10);
            await SpendAsync(caller, 200, 20, "gpt-4o-mini");
        }

        _time.AdjustTime(_time.GetUtcNow().AddDays(1));
        _corrected = await SpendAsync(_gateway.Admin.As(key), 1000, 100);
        _time.AdjustTime(_time.GetUtcNow().AddDays(1));
        await SpendAsync(user.Caller, 50, 5);
        (await _gateway.Admin.PostAsync($"{Admin}/usage/{_corrected}/correct", new { costUsd = "0.5", reason = "invoice" })).Expect(201);
        _time.Advance(TimeSpan.FromMinutes(1));
        (await _gateway.Admin.PostAsync($"{Admin}/usage/{_corrected}/correct", new { costUsd = "0.25", reason = "credit note" })).Expect(201);
        _october = await StatementAsync("2026-10");
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _gateway.DisposeAsync();

    [TestCase("requests")]
    [TestCase("totalTokens")]
    [TestCase("costUsd")]
    [TestCase("heldUsd")]
    public void Totals_AreTheSumsOfTheRowsAndOfTheDays(string member)
    {
        var total = _october.GetProperty("totals").GetProperty(member).GetDecimal();

        Assert.That(Sum("rows", member), Is.EqualTo(total));
        Assert.That(Sum("days", member), Is.EqualTo(total));
    }

    [Test]
    public async Task Totals_AreThoseOfTheReport()
    {
        var report = (await _gateway.Admin.GetAsync($"{Admin}/usage?groupBy=day&teamId={_team}&from=2026-10-01T00:00:00Z&to=2026-11-01T00:00:00Z")).Expect(200).Json;

        var days = report.GetProperty("items").EnumerateArray().ToArray();
        Assert.That(days.Sum(day => day.GetProperty("costUsd").GetDecimal()), Is.EqualTo(_october.GetProperty("totals").GetProperty("costUsd").GetDecimal()));
        Assert.That(days.Sum(day => day.GetProperty("requests").GetInt64()), Is.EqualTo(_october.GetProperty("totals").GetProperty("requests").GetInt64()).And.EqualTo(5));
        Assert.That(_october.GetProperty("days").EnumerateArray().Select(day => day.GetProperty("day").GetString()), Is.EqualTo(["2026-10-30", "2026-10-31"]));
    }

    [Test]
    public void Corrections_AreListed_AndShownApartInTheirRow()
    {
        var settled = TestPrices.CostUsd(1000, 100);
        var row = _october.GetProperty("rows")[0];

        Assert.That(row.GetProperty("project").GetString(), Is.EqualTo("Index"));
        Assert.That((row.GetProperty("user").GetString(), row.GetProperty("key").GetString(), row.GetProperty("model").GetString()), Is.EqualTo(("Bea", "build", TestPrices.Model)));
        Assert.That(row.GetProperty("settledUsd").GetDecimal(), Is.EqualTo(settled + TestPrices.CostUsd(100, 10)));
        Assert.That(row.GetProperty("correctionsUsd").GetDecimal(), Is.EqualTo(0.25m - settled));
        Assert.That(row.GetProperty("costUsd").GetDecimal(), Is.EqualTo(0.25m + TestPrices.CostUsd(100, 10)));
        Assert.That(_october.GetProperty("totals").GetProperty("correctionsUsd").GetDecimal(), Is.EqualTo(0.25m - settled));
        Assert.That(
            _october.GetProperty("corrections").EnumerateArray().Select(each => (each.GetProperty("requestId").GetGuid(), each.GetProperty("reason").GetString())),
            Is.EqualTo(new[] { (_corrected, "invoice"), (_corrected, "credit note") }));
    }

    [Test]
    public async Task Month_ThatIsNotOver_IsPreliminary_AndTheTimeZoneIsNamed()
    {
        var november = (await _gateway.Admin.GetAsync($"{Admin}/teams/{_team}/statement")).Expect(200).Json;

        Assert.That(_october.GetProperty("preliminary").GetBoolean(), Is.False);
        Assert.That(november.GetProperty("month").GetString(), Is.EqualTo("2026-11"), "the current month");
        Assert.That(november.GetProperty("preliminary").GetBoolean(), Is.True);
        Assert.That(november.GetProperty("timeZone").GetString(), Is.EqualTo("UTC"));
        Assert.That(november.GetProperty("totals").GetProperty("costUsd").GetDecimal(), Is.EqualTo(TestPrices.CostUsd(50, 5)));
    }

    [Test]
    public async Task Csv_HasARowForEachOfTheRows()
    {
        var reply = (await _gateway.Admin.GetAsync($"{Admin}/teams/{_team}/statement?month=2026-10&format=csv")).Expect(200);

        var lines = reply.Text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.That(reply.Header("content-disposition"), Is.EqualTo($"attachment; filename=\"statement-{_team}-2026-10.csv\""));
        Assert.That(lines[0], Does.StartWith("month,timeZone,preliminary,teamId,team,projectId,project,userId,user,keyId,key,model,requests,"));
        Assert.That(lines, Has.Length.EqualTo(1 + _october.GetProperty("rows").GetArrayLength()));
        Assert.That(lines[1], Does.StartWith($"2026-10,UTC,false,{_team},Search,{_project},Index,"));
    }

    [TestCase("?month=now", "month")]
    [TestCase("?month=2026-13", "month")]
    [TestCase("?month=9999-12", "month")]
    [TestCase("?month=2026-11-01", "month")]
    [TestCase("?month=2026-11&format=pdf", "format")]
    public async Task Statement_WithABadQuery_NamesTheParameter(string query, string field)
    {
        var refused = (await _gateway.Admin.GetAsync($"{Admin}/teams/{_team}/statement{query}")).Expect(400, "invalid_request");

        Assert.That(refused.Json.GetProperty("errors")[0].GetProperty("field").GetString(), Is.EqualTo(field));
    }

    [Test]
    public async Task Statement_OfAMonthWithArchivedRecords_SaysSo()
    {
        _gateway.Folder.Execute(
            "INSERT INTO usage_day_sums (grouping, day, group_name, archived, requests, prompt_tokens, completion_tokens, cost_nano_usd) VALUES (2, 20200102, 'openai', 1, 0, 0, 0, 0)");

        var refused = (await _gateway.Admin.GetAsync($"{Admin}/teams/{_team}/statement?month=2020-01")).Expect(400, "invalid_request");

        Assert.That(refused.Text, Does.Contain("\"month\"").And.Contain("archived"));
    }

    private decimal Sum(string rows, string member) => _october.GetProperty(rows).EnumerateArray().Sum(row => row.GetProperty(member).GetDecimal());

    private async Task<JsonElement> StatementAsync(string month) => (await _gateway.Admin.GetAsync($"{Admin}/teams/{_team}/statement?month={month}")).Expect(200).Json;

    private async Task<Guid> SpendAsync(GatewayClient caller, long prompt, long completion, string? model = null)
    {
        _gateway.Provider.Answer = Answers.Completion(prompt: prompt, completion: completion);
        return (await caller.GenerateAsync(new { prompt = "Hi", model })).Expect(200).RequestId;
    }
}
