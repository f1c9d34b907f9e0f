using AiGateway.Api.Tests.Hosting;

namespace AiGateway.Api.Tests.Admin;

/// <summary>Erasing a user: nothing personal is left in the database, and every figure stays.</summary>
internal sealed class EraseTests
{
    private const string Users = "/api/v1/admin/users";

    private static readonly string[] Tables =
    [
        "users WHERE name || coalesce(external_id, '')", "api_keys WHERE name || coalesce(description, '') || coalesce(tags, '') || coalesce(allowed_networks, '')",
        "usage_records WHERE coalesce(end_user, '')", "admin_actions WHERE coalesce(before, '') || coalesce(after, '')",
        "alerts WHERE coalesce(end_user, '')", "webhook_deliveries WHERE body",
    ];

    private GatewayHost _gateway = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _gateway = await GatewayHost.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await _gateway.DisposeAsync();

    [Test]
    public async Task Erase_OfAUser_RemovesPersonalTextsAndKeepsTheFigures()
    {
        var team = await _gateway.Admin.CreateTeamAsync();
        var (ann, bob) = (await NewUserAsync("Canary Ann", team.Id), await NewUserAsync("Bob", team.Id));
        (await _gateway.Admin.PutAsync(
            $"/api/v1/admin/teams/{team.Id}/budgets",
            new { budgets = new[] { new { metric = "requests", window = "month", amount = 3, perEndUser = true } } })).Expect(200);
        for (var i = 0; i < 2; i++) (await ann.GenerateAsync(new { prompt = "Hi.", user = "canary@example.com" })).Expect(200);
        (await bob.GenerateAsync(new { prompt = "Hi.", user = "canary@example.com" })).Expect(200);
        (await ann.GenerateAsync(new { prompt = "Hi.", user = "another canary" })).Expect(200);
        (await bob.GenerateAsync(new { prompt = "Hi.", user = "canary@example.com" })).Expect(429, "quota_exceeded");
        (await ann.PutAsync("/api/v1/ai/preferences", new { model = TestPrices.Model })).Expect(200);
        var id = await IdOfAsync(ann);
        (await _gateway.Admin.PatchAsync($"{Users}/{id}", new { name = "Canary Anna" })).Expect(200);
        var before = await SumAsync(id);

        var erased = (await _gateway.Admin.SendAsync(HttpMethod.Post, $"{Users}/{id}/erase")).Expect(200).Json;

        Assert.That((erased.GetProperty("name").GetString(), erased.GetProperty("disabled").GetBoolean()), Is.EqualTo(("erased", true)));
        (await ann.GetAsync("/api/v1/ai/quota")).Expect(401);
        foreach (var table in Tables)
            Assert.That(_gateway.Folder.Read<long>($"SELECT count(*) FROM {table} LIKE '%canary%'"), Is.EqualTo(table.StartsWith("usage", StringComparison.Ordinal) ? 1 : 0), table);
        Assert.That(_gateway.Folder.Read<string>("SELECT group_concat(end_user) FROM usage_records WHERE end_user LIKE '%canary%'"), Is.EqualTo("canary@example.com"), "of Bob's request");
        Assert.That(_gateway.Folder.Read<long>("SELECT count(*) FROM user_model_preferences"), Is.Zero);
        Assert.That(await SumAsync(id), Is.EqualTo(before));
        Assert.That((await _gateway.Admin.VerifyAsync()).GetProperty("audit").GetProperty("unbroken").GetBoolean(), Is.True);
        for (var i = 0; i < 2; i++) (await bob.GenerateAsync(new { prompt = "Hi.", user = "canary@example.com" })).Expect(200);
        (await bob.GenerateAsync(new { prompt = "Hi.", user = "canary@example.com" })).Expect(429, "quota_exceeded");
        await _gateway.Admin.VerifyAsync();
    }

    [Test]
    public async Task Erase_Again_ChangesNothing()
    {
        var user = await _gateway.CreateUserAsync();
        (await _gateway.Admin.SendAsync(HttpMethod.Post, $"{Users}/{user.Id}/erase")).Expect(200);
        var rows = _gateway.Folder.Read<long>("SELECT count(*) FROM admin_actions");

        (await _gateway.Admin.SendAsync(HttpMethod.Post, $"{Users}/{user.Id}/erase")).Expect(200);

        Assert.That(_gateway.Folder.Read<long>("SELECT count(*) FROM admin_actions"), Is.EqualTo(rows));
    }

    [Test]
    public async Task Erase_OfTheLastAdministratorOrOfNobody_IsRefused()
    {
        (await _gateway.Admin.SendAsync(HttpMethod.Post, $"{Users}/{GatewayHost.AdminId}/erase")).Expect(409, "conflict");
        (await _gateway.Admin.SendAsync(HttpMethod.Post, $"{Users}/00000000-0000-7000-8000-0000000000ff/erase")).Expect(404, "not_found");
    }

    private async Task<GatewayClient> NewUserAsync(string name, Guid teamId)
    {
        var userId = await _gateway.Admin.CreateAsync("users", new { name });
        (await _gateway.Admin.PutAsync($"{Users}/{userId}/team", new { teamId })).Expect(200);
        var key = (await _gateway.Admin.PostAsync(
            "/api/v1/admin/keys", new { userId, name = $"{name} laptop", description = $"{name} works from home", tags = new[] { name.Replace(' ', '-') } })).Expect(201);
        return _gateway.Admin.As(key.Json.GetProperty("key").GetString());
    }

    private static async Task<Guid> IdOfAsync(GatewayClient caller) => (await caller.UsageAsync())[0].GetProperty("userId").GetGuid();

    private async Task<string> SumAsync(Guid userId) => (await _gateway.Admin.GetAsync("/api/v1/admin/usage?groupBy=user")).Expect(200).Json
        .GetProperty("items").EnumerateArray().Single(sum => sum.GetProperty("group").GetString() == $"{userId}").GetRawText();
}
