using System.Text.Json;
using AiGateway.Api.Tests.Hosting;
using AiGateway.Application.Administration;
using AiGateway.Application.Teams;
using AiGateway.Domain;
using Microsoft.Extensions.DependencyInjection;

namespace AiGateway.Api.Tests.Auth;

/// <summary>Which tokens create a user, how many users tokens may create, and which limits such users have.</summary>
internal sealed class TokenUserTests
{
    private const string Quota = "/api/v1/ai/quota";

    [TestCase(null)]
    [TestCase("nothing")]
    [TestCase("openid profile ai:everything")]
    public async Task Token_WithoutAKnownScope_Is403AndCreatesNoUser(string? scope)
    {
        await using var gateway = await GatewayHost.StartAsync(null, TestTokens.Settings);
        var caller = gateway.Admin.As(TestTokens.Create("stranger", scope));

        var refused = (await caller.GetAsync(Quota)).Expect(403, "permission_denied");
        (await caller.GetAsync("/api/v1/admin/users")).Expect(403, "permission_denied");
        (await caller.GetAsync("/v1/models")).Expect(403);
        (await caller.GetAsync("/health/live")).Expect(200);

        Assert.That(refused.Json.GetProperty("detail").GetString(), Does.Contain("ai:generate").And.Contain("scope"));
        Assert.That(await TokenUsersAsync(gateway), Is.Empty);
    }

    [Test]
    public async Task Tokens_OfMoreSubjectsThanAllowed_Are403AndKnownSubjectsAreServed()
    {
        await using var gateway = await GatewayHost.StartAsync(null, [.. TestTokens.Settings, ("Jwt:MaxUsers", "5")]);

        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(
            i => gateway.Admin.As(TestTokens.Create($"subject-{i}")).GetAsync(Quota)));

        Assert.That(replies.Count(reply => reply.Status == 200), Is.EqualTo(5), "exactly five users are created, although many subjects come at once");
        foreach (var refused in replies.Where(reply => reply.Status != 200))
        {
            refused.Expect(403, "permission_denied");
            Assert.That(refused.Json.GetProperty("detail").GetString(), Does.Contain("Jwt:MaxUsers"));
        }

        var known = (await TokenUsersAsync(gateway))[0].GetProperty("externalId").GetString()!.Split('|')[1];
        (await gateway.Admin.As(TestTokens.Create(known, name: "Another Name")).GetAsync(Quota)).Expect(200);
        Assert.That(await TokenUsersAsync(gateway), Has.Length.EqualTo(5));
        await gateway.CreateUserAsync();
    }

    [Test]
    public async Task Tokens_OfManySubjects_ShareTheBudgetsOfTheDefaultTeam()
    {
        var team = new Guid("0199c0de-0000-7000-8000-00000000000a");
        await using var gateway = await GatewayHost.StartAsync(null, [.. TestTokens.Settings, ("Jwt:DefaultTeam", $"{team}")]);
        var refused = (await gateway.Admin.As(TestTokens.Create("early")).GetAsync(Quota)).Expect(403, "permission_denied");
        Assert.That(refused.Json.GetProperty("detail").GetString(), Does.Contain($"{team} of Jwt:DefaultTeam does not exist"));
        Assert.That(await TokenUsersAsync(gateway), Is.Empty);
        await AddTeamAsync(gateway, team);
        (await gateway.Admin.PutAsync($"/api/v1/admin/teams/{team}/budgets", new { budgets = new[] { new { metric = "requests", window = "total", amount = 4 } } })).Expect(200);

        var replies = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => gateway.Admin.As(TestTokens.Create($"subject-{i}")).GenerateAsync()));

        Assert.That(replies.Count(reply => reply.Status == 200), Is.EqualTo(4), "ten users have four requests together");
        foreach (var reply in replies.Where(reply => reply.Status != 200))
            Assert.That(reply.Expect(429, "quota_exceeded").Json.GetProperty("scope").GetProperty("id").GetGuid(), Is.EqualTo(team));
        Assert.That((await TokenUsersAsync(gateway)).Select(user => user.GetProperty("teamId").GetGuid()), Is.All.EqualTo(team));
        await gateway.Admin.VerifyAsync();
    }

    [Test]
    public async Task User_CreatedByAToken_HasTheDefaultLimitsOfTokens()
    {
        await using var gateway = await GatewayHost.StartAsync(
            null, [.. TestTokens.Settings, ("Jwt:DefaultLimits", "daily=3;spend=0.25"), ("AI_QUOTA_MONTHLY_LIMIT", "77")]);

        var quota = await gateway.Admin.As(TestTokens.Create("limited")).QuotaAsync();

        Assert.That(quota.GetProperty("dailyRequests").GetProperty("limit").GetInt64(), Is.EqualTo(3));
        Assert.That(quota.GetProperty("monthlyRequests").GetProperty("limit").GetInt64(), Is.EqualTo(77));
        Assert.That(quota.GetProperty("monthlySpendUsd").GetProperty("limit").GetDecimal(), Is.EqualTo(0.25m));
        for (var i = 0; i < 3; i++) (await gateway.Admin.As(TestTokens.Create("limited")).GenerateAsync()).Expect(200);
        (await gateway.Admin.As(TestTokens.Create("limited")).GenerateAsync()).Expect(429, "quota_exceeded");
    }

    [Test]
    public async Task User_CreatedByATokenWithoutDefaultLimits_HasTheGeneralLimits()
    {
        await using var gateway = await GatewayHost.StartAsync(null, TestTokens.Settings);
        (await gateway.Admin.As(TestTokens.Create("plain")).GetAsync(Quota)).Expect(200);

        var id = (await TokenUsersAsync(gateway)).Single().GetProperty("id").GetGuid();

        var quota = (await gateway.Admin.GetAsync($"/api/v1/admin/users/{id}/quota")).Expect(200);
        Assert.That(quota.Json.GetProperty("isDefault").GetBoolean(), Is.True);
    }

    [Test]
    public async Task Name_OfATokenWithControlCharacters_IsSavedWithoutThem()
    {
        await using var gateway = await GatewayHost.StartAsync(null, TestTokens.Settings);

        (await gateway.Admin.As(TestTokens.Create("painter", name: "\u001b[31mRed\r\n")).GetAsync(Quota)).Expect(200);

        Assert.That((await TokenUsersAsync(gateway)).Single().GetProperty("name").GetString(), Is.EqualTo("[31mRed"));
    }

    private static async Task AddTeamAsync(GatewayHost gateway, Guid id)
    {
        var organisation = (await gateway.Admin.CreateTeamAsync()).OrganisationId;
        var team = new Scope { Id = id, Kind = ScopeKind.Team, Name = "Everyone", ParentId = organisation, CreatedAt = TimeProvider.System.GetUtcNow() };
        await gateway.Services.GetRequiredService<IScopeStore>().AddAsync(team, Actor.Operator, CancellationToken.None);
    }

    private static async Task<JsonElement[]> TokenUsersAsync(GatewayHost gateway) =>
    [
        .. (await gateway.Admin.GetAsync("/api/v1/admin/users?limit=200")).Expect(200).Json.GetProperty("items").EnumerateArray()
            .Where(user => user.GetProperty("externalId").ValueKind == JsonValueKind.String),
    ];
}
