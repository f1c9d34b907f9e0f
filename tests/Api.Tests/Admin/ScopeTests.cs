using System.Text.Json;
using AiGateway.Api.Tests.Hosting;

namespace AiGateway.Api.Tests.Admin;

/// <summary>Organisations, teams and projects, and what belongs to them.</summary>
internal sealed class ScopeTests
{
    private const string Admin = "/api/v1/admin";
    private GatewayHost _gateway = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _gateway = await GatewayHost.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await _gateway.DisposeAsync();

    [TestCase("organisations", null, new[] { "id", "name", "disabled", "timeZone", "allowedModels", "createdAt" })]
    [TestCase("teams", "organisationId", new[] { "id", "name", "organisationId", "disabled", "timeZone", "allowedModels", "createdAt" })]
    [TestCase("projects", "teamId", new[] { "id", "name", "teamId", "disabled", "timeZone", "allowedModels", "createdAt" })]
    public async Task Scope_WhenCreated_IsFoundListedChangedAndDeleted(string kind, string? parent, string[] members)
    {
        var parentId = await CreateParentAsync(parent);

        var made = (await _gateway.Admin.PostAsync($"{Admin}/{kind}", BodyOf(parent, parentId))).Expect(201);
        var address = made.Header("Location")!;
        Assert.That(made.Json.EnumerateObject().Select(member => member.Name), Is.EqualTo(members));
        var found = (await _gateway.Admin.GetAsync(address)).Expect(200).Json;
        Assert.That(found.GetProperty("id").GetGuid(), Is.EqualTo(made.Json.GetProperty("id").GetGuid()));
        Assert.That(found.GetProperty("allowedModels").ValueKind, Is.EqualTo(JsonValueKind.Null));
        var listed = (await _gateway.Admin.GetAsync($"{Admin}/{kind}?limit=200{(parent is null ? "" : $"&{parent}={parentId}")}")).Expect(200).Json;
        Assert.That(listed.GetProperty("items").EnumerateArray().Last().GetProperty("id").GetGuid(), Is.EqualTo(made.Json.GetProperty("id").GetGuid()));

        var changed = (await _gateway.Admin.PatchAsync(address, """{"name":"Renamed","timeZone":"Europe/Berlin","allowedModels":["gpt-6*","o3"]}""")).Expect(200).Json;
        var cleared = (await _gateway.Admin.PatchAsync(address, """{"timeZone":null,"disabled":true}""")).Expect(200).Json;
        Assert.That((changed.GetProperty("name").GetString(), changed.GetProperty("timeZone").GetString()), Is.EqualTo(("Renamed", "Europe/Berlin")));
        Assert.That(cleared.GetProperty("timeZone").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(cleared.GetProperty("allowedModels").GetRawText(), Is.EqualTo("""["gpt-6*","o3"]"""));
        Assert.That(cleared.GetProperty("disabled").GetBoolean(), Is.True);

        (await _gateway.Admin.DeleteAsync(address)).Expect(204);
        (await _gateway.Admin.GetAsync(address)).Expect(404, "not_found");
        (await _gateway.Admin.DeleteAsync(address)).Expect(404, "not_found");
        (await _gateway.Admin.PatchAsync(address, "{}")).Expect(404, "not_found");
    }

    [TestCase("organisations", """{}""", "name")]
    [TestCase("organisations", """{"name":" "}""", "name")]
    [TestCase("organisations", """{"name":"a","teamId":null}""", "teamId")]
    [TestCase("teams", """{"name":"a"}""", "organisationId")]
    [TestCase("projects", """{"name":"a"}""", "teamId")]
    [TestCase("projects", """{"name":"a","teamId":"00000000-0000-7000-8000-000000000001"}""", "teamId")]
    public async Task Scope_WhenFaulty_IsRefusedAndTheFieldIsNamed(string kind, string body, string field) =>
        AssertFault(await _gateway.Admin.PostAsync($"{Admin}/{kind}", body), field);

    [TestCase("""{"name":""}""", "name")]
    [TestCase("""{"timeZone":"Mars/Olympus"}""", "timeZone")]
    [TestCase("""{"timeZone":""}""", "timeZone")]
    [TestCase("""{"timeZone":"W. Europe Standard Time"}""", "timeZone")]
    [TestCase("""{"allowedModels":[]}""", "allowedModels")]
    [TestCase("""{"allowedModels":["a b"]}""", "allowedModels")]
    [TestCase("""{"allowedModels":["g*t"]}""", "allowedModels")]
    [TestCase("""{"allowedModels":[null]}""", "allowedModels")]
    [TestCase("""{"organisationId":"00000000-0000-7000-8000-000000000001"}""", "organisationId")]
    public async Task Change_WhenFaulty_IsRefusedAndTheFieldIsNamed(string body, string field)
    {
        var team = await _gateway.Admin.CreateTeamAsync();

        AssertFault(await _gateway.Admin.PatchAsync($"{Admin}/teams/{team.Id}", body), field);
    }

    [Test]
    public async Task User_WhenPutIntoATeam_ShowsItAndKeepsTheTeamFromDeletion()
    {
        var team = await _gateway.Admin.CreateTeamAsync();
        var user = await _gateway.CreateUserAsync();
        var address = $"{Admin}/users/{user.Id}/team";

        Assert.That((await _gateway.Admin.PutAsync(address, new { teamId = team.Id })).Expect(200).Json.GetProperty("teamId").GetGuid(), Is.EqualTo(team.Id));
        Assert.That((await _gateway.Admin.GetAsync($"{Admin}/users/{user.Id}")).Expect(200).Json.GetProperty("teamId").GetGuid(), Is.EqualTo(team.Id));
        var refused = (await _gateway.Admin.DeleteAsync($"{Admin}/teams/{team.Id}")).Expect(409, "conflict");
        Assert.That(refused.Json.GetProperty("detail").GetString(), Does.Contain("1 user."));
        AssertFault(await _gateway.Admin.PutAsync(address, "{}"), "teamId");
        AssertFault(await _gateway.Admin.PutAsync(address, new { teamId = user.Id }), "teamId");

        (await _gateway.Admin.PutAsync(address, """{"teamId":null}""")).Expect(200);
        (await _gateway.Admin.DeleteAsync($"{Admin}/teams/{team.Id}")).Expect(204);
    }

    [Test]
    public async Task Team_WhenDisabled_RefusesItsCallersInItsOwnWordsUntilItIsEnabled()
    {
        var team = await _gateway.Admin.CreateTeamAsync("Search");
        var user = await _gateway.CreateUserAsync();
        (await _gateway.Admin.PutAsync($"{Admin}/users/{user.Id}/team", new { teamId = team.Id })).Expect(200);
        (await user.Caller.GetAsync("/api/v1/ai/quota")).Expect(200);

        (await _gateway.Admin.PatchAsync($"{Admin}/organisations/{team.OrganisationId}", new { disabled = true })).Expect(200);
        var byOrganisation = (await user.Caller.GetAsync("/api/v1/ai/quota")).Expect(401, "unauthenticated");
        (await _gateway.Admin.PatchAsync($"{Admin}/organisations/{team.OrganisationId}", new { disabled = false })).Expect(200);
        (await _gateway.Admin.PatchAsync($"{Admin}/teams/{team.Id}", new { disabled = true })).Expect(200);
        var byTeam = (await user.Caller.GenerateAsync()).Expect(401, "unauthenticated");
        (await user.Caller.GetAsync("/api/v1/ai/health")).Expect(200);
        (await _gateway.Admin.PatchAsync($"{Admin}/teams/{team.Id}", new { disabled = false })).Expect(200);

        Assert.That(byOrganisation.Json.GetProperty("detail").GetString(), Does.StartWith("The organisation Example is disabled."));
        Assert.That(byTeam.Json.GetProperty("detail").GetString(), Does.StartWith("The team Search is disabled."));
        (await user.Caller.GenerateAsync()).Expect(200);
    }

    private static void AssertFault(Reply reply, string field)
    {
        reply.Expect(400, "invalid_request");
        Assert.That(reply.Json.GetProperty("errors")[0].GetProperty("field").GetString(), Is.EqualTo(field), reply.Text);
    }

    private async Task<Guid?> CreateParentAsync(string? member)
    {
        if (member is null) return null;
        var team = await _gateway.Admin.CreateTeamAsync();
        return member == "teamId" ? team.Id : team.OrganisationId;
    }

    private static string BodyOf(string? parent, Guid? id) => parent is null ? """{"name":"Made"}""" : $$"""{"name":"Made","{{parent}}":"{{id}}"}""";
}
