using AiGateway.Api.Tests.Hosting;

namespace AiGateway.Api.Tests.Auth;

/// <summary>The team or project that a token names in a claim.</summary>
internal sealed class TokenPathTests
{
    private GatewayHost _gateway = null!;
    private TestTeam _team = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _gateway = await GatewayHost.StartAsync(null, [.. TestTokens.Settings, ("Jwt:TeamClaim", "team"), ("Jwt:ProjectClaim", "project")]);
        _team = await _gateway.Admin.CreateTeamAsync("Search");
        (await _gateway.Admin.PatchAsync($"/api/v1/admin/teams/{_team.Id}", """{"allowedModels":["odd-embedding"]}""")).Expect(200);
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _gateway.DisposeAsync();

    [Test]
    public async Task Token_ThatNamesATeam_IsBoundByTheTeam()
    {
        (await CallerOf("ann", null).GenerateAsync()).Expect(200);

        var refused = (await CallerOf("ann", ("team", $"{_team.Id}")).GenerateAsync()).Expect(403, "model_not_allowed");

        Assert.That(refused.Json.GetProperty("detail").GetString(), Does.StartWith("The team Search does not allow the model odd-model."));
    }

    [TestCase("team", "00000000-0000-7000-8000-0000000000ff", "which does not exist")]
    [TestCase("project", "$team", "which does not exist")]
    [TestCase("team", "search", "holds no id of a team")]
    public async Task Token_ThatNamesNoKnownScope_Is403AndCreatesNoUser(string claim, string value, string words)
    {
        var caller = CallerOf("stranger", (claim, value.Replace("$team", $"{_team.Id}", StringComparison.Ordinal)));

        var refused = (await caller.GenerateAsync()).Expect(403, "permission_denied");

        Assert.That(refused.Json.GetProperty("detail").GetString(), Does.Contain(words));
        Assert.That((await _gateway.Admin.GetAsync("/api/v1/admin/users?limit=200")).Expect(200).Text, Does.Not.Contain("stranger"));
    }

    [Test]
    public async Task Token_ThatNamesADisabledTeam_Is401InTheWordsOfTheTeam()
    {
        var closed = await _gateway.Admin.CreateTeamAsync("Closed");
        (await _gateway.Admin.PatchAsync($"/api/v1/admin/teams/{closed.Id}", """{"disabled":true}""")).Expect(200);

        var refused = (await CallerOf("ann", ("team", $"{closed.Id}")).GenerateAsync()).Expect(401, "unauthenticated");

        Assert.That(refused.Json.GetProperty("detail").GetString(), Does.StartWith("The team Closed is disabled."));
    }

    private GatewayClient CallerOf(string subject, (string Name, object Value)? claim) => _gateway.Admin.As(TestTokens.Create(subject, more: claim));
}
