using System.Text.Json;

namespace AiGateway.Api.Tests.Hosting;

/// <summary>The calls that callers and administrators make, as methods.</summary>
internal static class Intents
{
    private const string Generation = "/api/v1/ai/generate";
    private static readonly string[] GenerateOnly = ["ai:generate"];

    /// <summary>Creates a user without limits, and a key for that user.</summary>
    public static async Task<TestUser> CreateUserAsync(this GatewayClient admin, string name = "Ann")
    {
        var user = (await admin.PostAsync("/api/v1/admin/users", new { name })).Expect(201);
        var id = user.Json.GetProperty("id").GetGuid();
        await admin.SetQuotaAsync(id);
        return new TestUser(id, await admin.CreateKeyAsync(id));
    }

    /// <summary>Creates a key and returns a client that uses it.</summary>
    public static async Task<GatewayClient> CreateKeyAsync(
        this GatewayClient admin, Guid userId, string[]? scopes = null, DateTimeOffset? expiresAt = null)
    {
        var body = new { userId, name = "test", scopes = scopes ?? GenerateOnly, expiresAt };
        var created = (await admin.PostAsync("/api/v1/admin/keys", body)).Expect(201);
        return admin.As(created.Json.GetProperty("key").GetString());
    }

    /// <summary>Creates a team of a new organisation.</summary>
    public static async Task<TestTeam> CreateTeamAsync(this GatewayClient admin, string name = "Search")
    {
        var organisationId = await admin.CreateAsync("organisations", new { name = "Example" });
        return new TestTeam(await admin.CreateAsync("teams", new { name, organisationId }), organisationId);
    }

    /// <summary>Creates an organisation, a team or a project, and returns its id.</summary>
    public static async Task<Guid> CreateAsync(this GatewayClient admin, string kind, object body) =>
        (await admin.PostAsync($"/api/v1/admin/{kind}", body)).Expect(201).Json.GetProperty("id").GetGuid();

    /// <summary>Sets the limits of a user; null, or left out, means unlimited.</summary>
    public static async Task SetQuotaAsync(
        this GatewayClient admin, Guid userId, long? daily = null, long? monthly = null, decimal? spend = null) =>
        (await admin.PutAsync($"/api/v1/admin/users/{userId}/quota", new { dailyRequests = daily, monthlyRequests = monthly, monthlySpendUsd = spend }))
        .Expect(200);

    public static Task<Reply> GenerateAsync(this GatewayClient caller, object body) => caller.PostAsync(Generation, body);

    public static Task<Reply> GenerateAsync(this GatewayClient caller) => caller.GenerateAsync(new { prompt = "Say hello." });

    public static async Task<JsonElement> EstimateAsync(this GatewayClient caller, object body) =>
        (await caller.PostAsync("/api/v1/ai/estimate", body)).Expect(200).Json;

    public static async Task<JsonElement> QuotaAsync(this GatewayClient caller) => (await caller.GetAsync("/api/v1/ai/quota")).Expect(200).Json;

    /// <summary>The caller's usage records, newest first.</summary>
    public static async Task<IReadOnlyList<JsonElement>> UsageAsync(this GatewayClient caller, string query = "?limit=200") =>
        [.. (await caller.GetAsync($"/api/v1/ai/usage{query}")).Expect(200).Json.GetProperty("items").EnumerateArray()];

    /// <summary>Verifies the ledger, and asserts that there is no difference.</summary>
    public static async Task<JsonElement> VerifyAsync(this GatewayClient admin)
    {
        var found = (await admin.SendAsync(HttpMethod.Post, "/api/v1/admin/ledger/verify")).Expect(200);
        Assert.That(found.Json.GetProperty("balanced").GetBoolean(), Is.True, found.Text);
        return found.Json;
    }
}

/// <summary>A team and its organisation.</summary>
internal sealed record TestTeam(Guid Id, Guid OrganisationId);

/// <summary>A user, and a client with a key of that user.</summary>
internal sealed record TestUser(Guid Id, GatewayClient Caller);
