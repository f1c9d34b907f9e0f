using System.Text.Json;
using AiGateway.Api.Tests.Hosting;

namespace AiGateway.Api.Tests.Reports;

/// <summary>The receipt of a request: what was held, charged, and on what evidence, and who may read it.</summary>
internal sealed class ReceiptTests
{
    private const string Admin = "/api/v1/admin";
    private GatewayHost _gateway = null!;
    private TestTeam _team = null!;
    private Guid _project;
    private TestUser _user = null!;
    private GatewayClient _caller = null!;
    private Guid _key;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _gateway = await GatewayHost.StartAsync();
        _team = await _gateway.Admin.CreateTeamAsync("Search");
        _project = await _gateway.Admin.CreateAsync("projects", new { name = "Index", teamId = _team.Id });
        _user = await _gateway.CreateUserAsync();
        var key = (await _gateway.Admin.PostAsync($"{Admin}/keys", new { userId = _user.Id, name = "build", projectId = _project, tags = new[] { "nightly" } })).Expect(201).Json;
        (_key, _caller) = (key.GetProperty("id").GetGuid(), _gateway.Admin.As(key.GetProperty("key").GetString()));
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _gateway.DisposeAsync();

    [SetUp]
    public void Answer() => _gateway.Provider.Reset(Answers.Completion(prompt: 1000, completion: 100, cached: 400));

    [Test]
    public async Task Receipt_OfASettledRequest_HasEveryPart()
    {
        var id = (await _caller.GenerateAsync(new { prompt = "Hi", user = "alice" })).Expect(200).RequestId;

        var receipt = await OwnAsync(id);

        Assert.That(receipt.GetProperty("id").GetGuid(), Is.EqualTo(id));
        Assert.That(Text(receipt, "status"), Is.EqualTo("settled"));
        Assert.That(Text(receipt, "timeZone"), Is.EqualTo("UTC"));
        Assert.That(receipt.GetProperty("costUsd").GetDecimal(), Is.EqualTo(TestPrices.CostUsd(1000, 100, 400)));
        Assert.That(receipt.GetProperty("endedAt").GetDateTimeOffset() - receipt.GetProperty("createdAt").GetDateTimeOffset(),
            Is.EqualTo(TimeSpan.FromMilliseconds(receipt.GetProperty("latencyMs").GetInt64())));
        Assert.That(receipt.GetProperty("tokens").GetRawText(), Is.EqualTo(
            """{"input":1000,"cachedInput":400,"cacheWrite":0,"output":100,"reasoning":0,"total":1100}"""));
        Assert.That(
            receipt.GetProperty("chargedTo").EnumerateArray().Select(each => (Text(each, "kind"), Text(each, "id"), Text(each, "name"))),
            Is.EqualTo(((string?, string?, string?)[])
            [
                ("organisation", $"{_team.OrganisationId}", (await NameAsync($"organisations/{_team.OrganisationId}"))),
                ("team", $"{_team.Id}", "Search"), ("project", $"{_project}", "Index"),
                ("user", $"{_user.Id}", await NameAsync($"users/{_user.Id}")), ("key", $"{_key}", "build"), ("end_user", "alice", null),
            ]));
        var attempt = receipt.GetProperty("attempts").EnumerateArray().Single();
        Assert.That((Text(attempt, "provider"), Text(attempt, "outcome")), Is.EqualTo(("openai", "answered")));
        Assert.That(receipt.GetProperty("tags").EnumerateArray().Select(tag => tag.GetString()), Is.EqualTo(["nightly"]));
        Assert.That(Text(receipt.GetProperty("evidence"), "source"), Is.EqualTo("provider"));
        Assert.That(receipt.GetProperty("corrections").GetArrayLength(), Is.Zero);
    }

    [Test]
    public async Task Receipt_NamesTheHoldThePriceAndTheSettlement()
    {
        var id = (await _caller.GenerateAsync()).Expect(200).RequestId;

        var receipt = await OwnAsync(id);

        var hold = receipt.GetProperty("hold");
        Assert.That(hold.GetProperty("costUsd").GetDecimal(), Is.GreaterThan(receipt.GetProperty("costUsd").GetDecimal()));
        Assert.That(hold.GetProperty("tokens").GetInt64(), Is.GreaterThan(0));
        Assert.That(hold.GetProperty("inputTokens").ValueKind, Is.EqualTo(JsonValueKind.Null), "the settlement replaced it");
        var row = receipt.GetProperty("price").GetProperty("row");
        Assert.That((Text(row, "provider"), Text(row, "model"), Text(row, "effectiveFrom")), Is.EqualTo(("openai", TestPrices.Model, "2020-01-01")));
        Assert.That((row.GetProperty("input").GetDecimal(), row.GetProperty("cachedInput").GetDecimal(), row.GetProperty("output").GetDecimal()),
            Is.EqualTo((0.123456789m, 0.012345679m, 7.654321987m)));
        Assert.That(row.GetProperty("listCostUsd").GetDecimal(), Is.EqualTo(TestPrices.CostUsd(1000, 100, 400)));
        var settlement = receipt.GetProperty("settlement");
        Assert.That(Text(settlement, "outcome"), Is.EqualTo("settled"));
        Assert.That(settlement.GetProperty("costUsd").GetDecimal(), Is.EqualTo(TestPrices.CostUsd(1000, 100, 400)));
        Assert.That(settlement.GetProperty("aboveHold").GetBoolean(), Is.False);
    }

    [Test]
    public async Task Receipt_WhileTheRequestIsHeld_ShowsTheHoldAlone()
    {
        var answered = new TaskCompletionSource();
        _gateway.Provider.Reset(Answers.After(answered.Task, Answers.Completion()));
        var calling = _caller.GenerateAsync();
        await _gateway.Provider.ArrivalsAsync();
        var id = (await _user.Caller.UsageAsync())[0].GetProperty("id").GetGuid();

        var receipt = await OwnAsync(id);

        answered.SetResult();
        (await calling).Expect(200);
        Assert.That(Text(receipt, "status"), Is.EqualTo("held"));
        foreach (var part in (string[])["tokens", "settlement", "evidence", "endedAt"])
            Assert.That(receipt.GetProperty(part).ValueKind, Is.EqualTo(JsonValueKind.Null), part);
        Assert.That(receipt.GetProperty("hold").GetProperty("outputTokens").GetInt64(), Is.GreaterThan(0));
        Assert.That(receipt.GetProperty("hold").GetProperty("expiresAt").ValueKind, Is.EqualTo(JsonValueKind.String));
    }

    [Test]
    public async Task Receipt_OfACorrectedRequest_KeepsTheSettledCostAndSaysWhoAndWhy()
    {
        var id = (await _caller.GenerateAsync()).Expect(200).RequestId;
        (await _gateway.Admin.PostAsync($"{Admin}/usage/{id}/correct", new { costUsd = "1.5", reason = "invoice" })).Expect(201);

        var receipt = await OwnAsync(id);

        Assert.That(receipt.GetProperty("costUsd").GetDecimal(), Is.EqualTo(1.5m));
        Assert.That(receipt.GetProperty("settlement").GetProperty("costUsd").GetDecimal(), Is.EqualTo(TestPrices.CostUsd(1000, 100, 400)));
        var correction = receipt.GetProperty("corrections").EnumerateArray().Single();
        Assert.That((Text(correction, "reason"), correction.GetProperty("correctedBy").GetGuid()), Is.EqualTo(("invoice", GatewayHost.AdminId)));
        Assert.That(Text(correction, "correctedByName"), Is.EqualTo(await NameAsync($"users/{GatewayHost.AdminId}")));
    }

    [Test]
    public async Task Receipt_OfAReleasedRequest_HasNoTokensAndItsError()
    {
        _gateway.Provider.Reset(Answers.Error(400, "no"));
        var id = (await _caller.GenerateAsync()).Expect(400).RequestId;

        var receipt = await OwnAsync(id);

        Assert.That(Text(receipt, "status"), Is.EqualTo("released"));
        Assert.That(receipt.GetProperty("tokens").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(receipt.GetProperty("costUsd").GetDecimal(), Is.Zero);
        Assert.That(Text(receipt, "errorCode"), Is.Not.Empty);
        Assert.That(Text(receipt.GetProperty("attempts")[0], "outcome"), Is.EqualTo("refused"));
    }

    [Test]
    public async Task Receipt_OfADeletedScope_KeepsItsId()
    {
        var project = await _gateway.Admin.CreateAsync("projects", new { name = "Short", teamId = _team.Id });
        (await _gateway.Admin.PatchAsync($"{Admin}/keys/{_key}", new { projectId = project })).Expect(200);
        var id = (await _caller.GenerateAsync()).Expect(200).RequestId;
        (await _gateway.Admin.PatchAsync($"{Admin}/keys/{_key}", new { projectId = _project })).Expect(200);
        (await _gateway.Admin.DeleteAsync($"{Admin}/projects/{project}")).Expect(204);

        var scope = (await OwnAsync(id)).GetProperty("chargedTo").EnumerateArray().Single(each => Text(each, "kind") == "project");

        Assert.That((Text(scope, "id"), Text(scope, "name")), Is.EqualTo(($"{project}", (string?)null)));
    }

    [Test]
    public async Task Receipt_IsReadByItsUserItsTeamsAdministratorAndAdministrators_AndMissesForAllOthers()
    {
        var id = (await _caller.GenerateAsync()).Expect(200).RequestId;
        var stranger = await _gateway.CreateUserAsync();
        var ofTeam = await AdministratorAsync(_team.Id);
        var ofAnother = await AdministratorAsync((await _gateway.Admin.CreateTeamAsync("Billing")).Id);

        var own = (await _caller.GetAsync($"/api/v1/ai/usage/{id}")).Expect(200);
        Assert.That((await _gateway.Admin.GetAsync($"{Admin}/usage/{id}")).Expect(200).Text, Is.EqualTo(own.Text));
        Assert.That((await ofTeam.GetAsync($"{Admin}/usage/{id}")).Expect(200).Text, Is.EqualTo(own.Text));
        foreach (var (caller, path) in ((GatewayClient, string)[])
        [
            (stranger.Caller, "/api/v1/ai/usage"), (_gateway.Admin, "/api/v1/ai/usage"), (ofAnother, $"{Admin}/usage"),
        ])
        {
            var foreign = (await caller.GetAsync($"{path}/{id}")).Expect(404, "not_found");
            Assert.That(Text(foreign.Json, "detail"), Is.EqualTo($"There is no usage record {id}."));
            Assert.That(Text((await caller.GetAsync($"{path}/{_key}")).Expect(404, "not_found").Json, "detail"), Is.EqualTo($"There is no usage record {_key}."));
        }
    }

    [Test]
    public async Task Receipt_OfAnArchivedDay_SaysWhereToLook()
    {
        _gateway.Folder.Execute(
            "INSERT INTO usage_day_sums (grouping, day, group_name, archived, requests, prompt_tokens, completion_tokens, cost_nano_usd) VALUES (2, 20200102, 'openai', 1, 0, 0, 0, 0)");
        var id = Guid.CreateVersion7(new DateTimeOffset(2020, 1, 2, 3, 4, 5, TimeSpan.Zero));

        var missing = (await _caller.GetAsync($"/api/v1/ai/usage/{id}")).Expect(404, "not_found");

        Assert.That(Text(missing.Json, "detail"), Is.EqualTo(
            $"There is no usage record {id}. Records of 2020-01-02 are archived. Look for the id in the archive files."));
    }

    private static string? Text(JsonElement json, string member) => json.GetProperty(member).GetString();

    private async Task<JsonElement> OwnAsync(Guid id) => (await _caller.GetAsync($"/api/v1/ai/usage/{id}")).Expect(200).Json;

    private async Task<string?> NameAsync(string path) => Text((await _gateway.Admin.GetAsync($"{Admin}/{path}")).Expect(200).Json, "name");

    private async Task<GatewayClient> AdministratorAsync(Guid team)
    {
        var user = await _gateway.CreateUserAsync();
        (await _gateway.Admin.PutAsync($"{Admin}/users/{user.Id}/team", new { teamId = team })).Expect(200);
        return await _gateway.Admin.CreateKeyAsync(user.Id, ["ai:admin:team"]);
    }
}
