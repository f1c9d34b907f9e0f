using System.Collections.Frozen;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AiGateway.Api.Tests.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace AiGateway.Api.Tests.Admin;

/// <summary>Every change through the administration leaves one row in the audit log: who, how, what, before and after.</summary>
internal sealed class AuditTests
{
    private const string Audit = "/api/v1/admin/audit";
    private const string Users = "/api/v1/admin/users";
    private const string Keys = "/api/v1/admin/keys";

    private static readonly object Hook = new { url = "http://127.0.0.1:9/" };

    /// <summary>They are not GET, and still change nothing.</summary>
    private static readonly string[] ChangeNothing = ["POST api/v1/admin/ledger/verify", "POST api/v1/admin/webhooks/{id:guid}/test"];

    /// <summary>A change through each route. A new route of the administration needs one here.</summary>
    private static readonly FrozenDictionary<string, Change> Changes = new Dictionary<string, Change>
    {
        ["POST api/v1/admin/users"] = new("user.create", "user", (admin, _) => admin.PostAsync(Users, new { name = "Ann" })),
        ["PATCH api/v1/admin/users/{id:guid}"] = new("user.update", "user", (admin, ids) => admin.PatchAsync($"{Users}/{ids.User}", new { name = "Bea" })),
        ["POST api/v1/admin/users/{id:guid}/erase"] = new("user.erase", "user", async (admin, _) =>
            await admin.SendAsync(HttpMethod.Post, $"{Users}/{await NewAsync(admin, "users", new { name = "Ann" })}/erase")),
        ["PUT api/v1/admin/users/{id:guid}/quota"] = new("quota.set", "user", (admin, ids) => admin.PutAsync($"{Users}/{ids.User}/quota", new { dailyRequests = 7 })),
        ["PUT api/v1/admin/{scopes:scopeKind}/{id:guid}/budgets"] = new("budgets.set", "user", (admin, ids) =>
            admin.PutAsync($"{Users}/{ids.User}/budgets", new { budgets = new[] { new { metric = "tokens", window = "week", amount = 1000 } } })),
        ["DELETE api/v1/admin/{scopes:scopeKind}/{id:guid}/budgets"] =
            new("budgets.set", "user", (admin, ids) => admin.DeleteAsync($"{Users}/{ids.User}/budgets")),
        ["PUT api/v1/admin/{scopes:scopeKind}/{id:guid}/rates"] = new("rates.set", "user", (admin, ids) =>
            admin.PutAsync($"{Users}/{ids.User}/rates", new { requestsPerMinute = 1000, tokensPerMinute = 100_000 })),
        ["DELETE api/v1/admin/{scopes:scopeKind}/{id:guid}/rates"] = new("rates.set", "user", async (admin, ids) =>
        {
            (await admin.PutAsync($"{Users}/{ids.User}/rates", new { requestsPerMinute = 2000 })).Expect(200);
            return await admin.DeleteAsync($"{Users}/{ids.User}/rates");
        }),
        ["POST api/v1/admin/keys"] = new("key.create", "key", (admin, ids) => admin.PostAsync(Keys, new { userId = ids.User, name = "ci" })),
        ["DELETE api/v1/admin/keys/{id:guid}"] = new("key.revoke", "key", (admin, ids) => admin.DeleteAsync($"{Keys}/{ids.Key}")),
        ["PATCH api/v1/admin/keys/{id:guid}"] = new("key.update", "key", async (admin, ids) =>
            await admin.PatchAsync($"{Keys}/{await NewAsync(admin, "keys", new { userId = ids.User, name = "ci" })}", new { tags = new[] { "blue" } })),
        ["POST api/v1/admin/keys/{id:guid}/rotate"] = new("key.rotate", "key", async (admin, ids) =>
            await admin.PostAsync($"{Keys}/{await NewAsync(admin, "keys", new { userId = ids.User, name = "ci" })}/rotate", new { graceSeconds = 60 })),
        ["PUT api/v1/admin/users/{id:guid}/team"] = new("user.team", "user", async (admin, ids) =>
            await admin.PutAsync($"{Users}/{ids.User}/team", new { teamId = await NewTeamAsync(admin) })),
        ["POST api/v1/admin/organisations"] = new("scope.create", "organisation", (admin, _) => admin.PostAsync("/api/v1/admin/organisations", new { name = "Acme" })),
        ["PATCH api/v1/admin/organisations/{id:guid}"] = new("scope.update", "organisation", async (admin, _) =>
            await admin.PatchAsync($"/api/v1/admin/organisations/{await NewAsync(admin, "organisations", new { name = "Acme" })}", new { name = "Acme 2" })),
        ["DELETE api/v1/admin/organisations/{id:guid}"] = new("scope.delete", "organisation", async (admin, _) =>
            await admin.DeleteAsync($"/api/v1/admin/organisations/{await NewAsync(admin, "organisations", new { name = "Acme" })}")),
        ["POST api/v1/admin/teams"] = new("scope.create", "team", async (admin, _) =>
            await admin.PostAsync("/api/v1/admin/teams", new { name = "Search", organisationId = await NewAsync(admin, "organisations", new { name = "Acme" }) })),
        ["PATCH api/v1/admin/teams/{id:guid}"] = new("scope.update", "team", async (admin, _) =>
            await admin.PatchAsync($"/api/v1/admin/teams/{await NewTeamAsync(admin)}", new { timeZone = "Europe/Berlin" })),
        ["DELETE api/v1/admin/teams/{id:guid}"] = new("scope.delete", "team", async (admin, _) =>
            await admin.DeleteAsync($"/api/v1/admin/teams/{await NewTeamAsync(admin)}")),
        ["POST api/v1/admin/projects"] = new("scope.create", "project", async (admin, _) =>
            await admin.PostAsync("/api/v1/admin/projects", new { name = "Index", teamId = await NewTeamAsync(admin) })),
        ["PATCH api/v1/admin/projects/{id:guid}"] = new("scope.update", "project", async (admin, _) =>
            await admin.PatchAsync($"/api/v1/admin/projects/{await NewProjectAsync(admin)}", new { disabled = true })),
        ["DELETE api/v1/admin/projects/{id:guid}"] = new("scope.delete", "project", async (admin, _) =>
            await admin.DeleteAsync($"/api/v1/admin/projects/{await NewProjectAsync(admin)}")),
        ["POST api/v1/admin/webhooks"] = new("webhook.create", "webhook", (admin, _) => admin.PostAsync("/api/v1/admin/webhooks", Hook)),
        ["PATCH api/v1/admin/webhooks/{id:guid}"] = new("webhook.update", "webhook", async (admin, _) =>
            await admin.PatchAsync($"/api/v1/admin/webhooks/{await NewAsync(admin, "webhooks", Hook)}", new { url = "http://127.0.0.1:9/another-path" })),
        ["POST api/v1/admin/webhooks/{id:guid}/rotate"] = new("webhook.rotate", "webhook", async (admin, _) =>
            await admin.SendAsync(HttpMethod.Post, $"/api/v1/admin/webhooks/{await NewAsync(admin, "webhooks", Hook)}/rotate")),
        ["DELETE api/v1/admin/webhooks/{id:guid}"] = new("webhook.delete", "webhook", async (admin, _) =>
            await admin.DeleteAsync($"/api/v1/admin/webhooks/{await NewAsync(admin, "webhooks", Hook)}")),
        ["POST api/v1/admin/usage/{id:guid}/correct"] =
            new("usage.correct", "request", (admin, ids) => admin.PostAsync($"/api/v1/admin/usage/{ids.Request}/correct", new { costUsd = "0.5", reason = "invoice" })),
        ["PATCH api/v1/admin/providers/{name}"] = new("provider.switch", "provider", (admin, _) => admin.PatchAsync("/api/v1/admin/providers/openai", new { enabled = false })),
    }.ToFrozenDictionary();

    private GatewayHost _gateway = null!;
    private Guid _adminKeyId;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _gateway = await GatewayHost.StartAsync(null, TestTokens.Settings);
        _adminKeyId = (await _gateway.Admin.GetAsync(Keys)).Expect(200).Json.GetProperty("items")[0].GetProperty("id").GetGuid();
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _gateway.DisposeAsync();

    [Test]
    public async Task Routes_OfTheAdministrationThatChangeSomething_LeaveExactlyOneRow()
    {
        var routes = ChangingRoutes();
        Assert.That(Unknown(routes), Is.Empty, "add a change through this route to Changes");
        Assert.That(Changes.Keys.Concat(ChangeNothing), Is.SubsetOf(routes), "every route of the lists exists");
        var ids = await PrepareAsync();

        foreach (var (route, change) in Changes)
        {
            var reply = await change.MakeAsync(_gateway.Admin, ids);

            Assert.That(reply.Status, Is.InRange(200, 204), $"{route}: {reply.Text}");
            var rows = (await RowsAsync()).Where(row => row.GetProperty("requestId").GetString() == $"{reply.RequestId}").ToList();
            Assert.That(rows, Has.Count.EqualTo(1), route);
            AssertRow(rows[0], change, route);
        }

        (await _gateway.Admin.PatchAsync("/api/v1/admin/providers/openai", new { enabled = true })).Expect(200);
    }

    [Test]
    public void Rule_ForARouteWithoutAChange_NamesIt() =>
        Assert.That(Unknown(["POST api/v1/admin/gadgets", "POST api/v1/admin/users"]), Is.EqualTo(["POST api/v1/admin/gadgets"]));

    [Test]
    public async Task Change_ThatIsRefusedOrChangesNothing_LeavesNoRow()
    {
        var ids = await PrepareAsync();
        (await _gateway.Admin.PatchAsync($"{Users}/{ids.User}", new { name = "Dee" })).Expect(200);
        (await _gateway.Admin.DeleteAsync($"{Keys}/{ids.Key}")).Expect(204);
        var before = await RowsAsync();

        (await _gateway.Admin.PostAsync(Users, new { name = "" })).Expect(400);
        (await _gateway.Admin.PatchAsync($"{Users}/{ids.Key}", new { name = "Dee" })).Expect(404);
        (await _gateway.Admin.DeleteAsync($"{Keys}/{_adminKeyId}")).Expect(409);
        (await _gateway.Admin.PatchAsync($"{Users}/{GatewayHost.AdminId}", new { disabled = true })).Expect(409);
        (await _gateway.Admin.PatchAsync($"{Users}/{ids.User}", new { name = "Dee", disabled = false })).Expect(200);
        (await _gateway.Admin.DeleteAsync($"{Keys}/{ids.Key}")).Expect(204);
        (await _gateway.Admin.PatchAsync("/api/v1/admin/providers/openai", new { enabled = true })).Expect(200);
        (await _gateway.Admin.SendAsync(HttpMethod.Post, "/api/v1/admin/ledger/verify")).Expect(200);

        Assert.That(await RowsAsync(), Has.Length.EqualTo(before.Length));
    }

    [Test]
    public async Task Rows_WhenSearched_HaveNoSecretAndNoHash()
    {
        var user = (await _gateway.CreateUserAsync()).Id;
        var made = (await _gateway.Admin.PostAsync(Keys, new { userId = user, name = "canary" })).Expect(201).Json;
        (await _gateway.Admin.DeleteAsync($"{Keys}/{made.GetProperty("id").GetString()}")).Expect(204);
        var secret = made.GetProperty("key").GetString()!;
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(secret));

        var text = (await _gateway.Admin.GetAsync($"{Audit}?limit=200")).Expect(200).Text
            + _gateway.Folder.Read<string>("SELECT group_concat(coalesce(before, '') || coalesce(after, '') || target_id) FROM admin_actions");

        Assert.That(text, Does.Contain("canary").And.Contain(made.GetProperty("prefix").GetString()), "the rows of this key were searched");
        foreach (var hidden in (string[])[secret, secret[12..], Convert.ToHexString(hash), Convert.ToBase64String(hash), GatewayHost.AdminKey])
            Assert.That(text, Does.Not.Contain(hidden).IgnoreCase);
    }

    [Test]
    public async Task Rows_OfTheFirstStart_AreOfTheSystem()
    {
        var rows = (await RowsAsync("?actor=system")).Reverse().ToList();

        Assert.That(
            rows.Select(row => (row.GetProperty("sequence").GetInt64(), row.GetProperty("via").GetString(), row.GetProperty("action").GetString())),
            Is.EqualTo([(1L, "start", "user.create"), (2L, "start", "key.create")]));
        Assert.That(rows[0].GetProperty("previousHash").GetString(), Is.EqualTo(new string('0', 64)));
        Assert.That(rows.Select(row => row.GetProperty("requestId").ValueKind), Is.All.EqualTo(JsonValueKind.Null));
    }

    [Test]
    public async Task Row_OfAChangeByToken_SaysSo()
    {
        var made = (await _gateway.Admin.As(TestTokens.Create(scope: "ai:admin")).PostAsync(Users, new { name = "Eve" })).Expect(201);

        var row = (await RowsAsync($"?targetKind=user&targetId={made.Json.GetProperty("id").GetString()}")).Single();

        Assert.That((row.GetProperty("via").GetString(), row.GetProperty("apiKeyId").ValueKind), Is.EqualTo(("token", JsonValueKind.Null)));
        Assert.That(row.GetProperty("actor").GetGuid(), Is.Not.EqualTo(GatewayHost.AdminId));
    }

    /// <summary>What docs/audit.md tells an operator's script to do.</summary>
    [Test]
    public async Task Hash_WhenRecomputedFromTheReply_IsTheHashOfTheRow()
    {
        await PrepareAsync();

        foreach (var row in await RowsAsync())
        {
            string?[] members =
            [
                Text(row, "previousHash"), Text(row, "sequence"), Text(row, "id"),
                row.GetProperty("at").GetDateTimeOffset().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
                Text(row, "actor") is "system" ? null : Text(row, "actor"), Text(row, "via"), Text(row, "apiKeyId"), Text(row, "action"),
                Text(row, "targetKind"), Text(row, "targetId"), Text(row, "before"), Text(row, "after"), Text(row, "requestId"),
            ];
            var form = string.Concat(members.Select(each => each is null ? "-," : $"{Encoding.UTF8.GetByteCount(each)}:{each},"));
            Assert.That(Text(row, "hash"), Is.EqualTo(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(form)))), form);
        }
    }

    [Test]
    public async Task Rows_WhenPaged_AreEachThereOnceNewestFirst()
    {
        await PrepareAsync();
        var all = (await RowsAsync()).Select(row => row.GetProperty("sequence").GetInt64()).ToList();

        var seen = new List<long>();
        string? next = null;
        do
        {
            var page = (await _gateway.Admin.GetAsync($"{Audit}?limit=2{(next is null ? "" : $"&next={next}")}")).Expect(200).Json;
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(row => row.GetProperty("sequence").GetInt64()));
            next = page.GetProperty("next").ValueKind == JsonValueKind.Null ? null : page.GetProperty("next").GetRawText();
        }
        while (next is not null);

        Assert.That(seen, Is.EqualTo(all).And.EqualTo(Enumerable.Range(1, all.Count).Reverse()));
    }

    [TestCase("actor=bob", "actor")]
    [TestCase("limit=0", "limit")]
    [TestCase("limit=201", "limit")]
    [TestCase("next=0", "next")]
    [TestCase("next=x", "next")]
    [TestCase("from=2026-11-02T00:00:00Z&to=2026-11-01T00:00:00Z", "to")]
    [TestCase("action=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "action")]
    public async Task List_WithAWrongFilter_IsRefusedAndNamesIt(string query, string field)
    {
        var refused = (await _gateway.Admin.GetAsync($"{Audit}?{query}")).Expect(400, "invalid_request");

        Assert.That(refused.Json.GetProperty("errors")[0].GetProperty("field").GetString(), Is.EqualTo(field));
    }

    [Test]
    public async Task List_WithoutTheScopeOfAdministrators_IsRefused() =>
        (await (await _gateway.CreateUserAsync()).Caller.GetAsync(Audit)).Expect(403, "permission_denied");

    private static IEnumerable<string> Unknown(IEnumerable<string> routes) => routes.Except(Changes.Keys).Except(ChangeNothing);

    private static string? Text(JsonElement row, string member) => row.GetProperty(member) switch
    {
        { ValueKind: JsonValueKind.Null } => null,
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        var other => other.GetRawText(),
    };

    private void AssertRow(JsonElement row, Change change, string route)
    {
        var (before, after) = (row.GetProperty("before"), row.GetProperty("after"));
        Assert.That(
            (Text(row, "action"), Text(row, "targetKind"), Text(row, "actor"), Text(row, "via"), Text(row, "apiKeyId")),
            Is.EqualTo((change.Action, change.TargetKind, $"{GatewayHost.AdminId}", "key", $"{_adminKeyId}")),
            route);
        Assert.That(after.ValueKind, Is.EqualTo(change.Action.EndsWith(".delete", StringComparison.Ordinal) ? JsonValueKind.Null : JsonValueKind.Object), route);
        Assert.That(before.ValueKind, Is.EqualTo(change.Action.EndsWith(".create", StringComparison.Ordinal) ? JsonValueKind.Null : JsonValueKind.Object), route);
        Assert.That(before.GetRawText(), Is.Not.EqualTo(after.GetRawText()), route);
    }

    /// <summary>A user with limits, a key, and a settled request.</summary>
    private async Task<Ids> PrepareAsync()
    {
        var user = await _gateway.CreateUserAsync();
        var request = (await user.Caller.GenerateAsync()).Expect(200).Json.GetProperty("id").GetGuid();
        var key = (await _gateway.Admin.GetAsync($"{Keys}?userId={user.Id}")).Expect(200).Json.GetProperty("items")[0].GetProperty("id").GetGuid();
        return new(user.Id, key, request);
    }

    private static async Task<Guid> NewTeamAsync(GatewayClient admin) =>
        await NewAsync(admin, "teams", new { name = "Search", organisationId = await NewAsync(admin, "organisations", new { name = "Acme" }) });

    private static async Task<Guid> NewProjectAsync(GatewayClient admin) =>
        await NewAsync(admin, "projects", new { name = "Index", teamId = await NewTeamAsync(admin) });

    private static async Task<Guid> NewAsync(GatewayClient admin, string scopes, object body) =>
        (await admin.PostAsync($"/api/v1/admin/{scopes}", body)).Expect(201).Json.GetProperty("id").GetGuid();

    private async Task<JsonElement[]> RowsAsync(string query = "?limit=200") =>
        [.. (await _gateway.Admin.GetAsync(Audit + query)).Expect(200).Json.GetProperty("items").EnumerateArray()];

    private string[] ChangingRoutes() =>
    [
        .. from endpoint in _gateway.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
           let route = endpoint.RoutePattern.RawText!.TrimStart('/')
           where route.StartsWith("api/v1/admin/", StringComparison.Ordinal)
           from verb in endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods
           where verb != "GET"
           select $"{verb} {route}",
    ];

    private sealed record Ids(Guid User, Guid Key, Guid Request);

    private sealed record Change(string Action, string TargetKind, Func<GatewayClient, Ids, Task<Reply>> MakeAsync);
}
