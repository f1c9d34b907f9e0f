using System.Text;
using AiGateway.Api.Tests.Hosting;
using AiGateway.Application.Administration;
using AiGateway.Application.ApiKeys;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace AiGateway.Api.Tests.Auth;

/// <summary>Which kind of credentials each endpoint takes. Every endpoint of the gateway is asked with every kind.</summary>
internal sealed class RightsTests
{
    /// <summary>The endpoints for <c>ai:usage</c>. All below the administration need <c>ai:admin</c>, and all others <c>ai:generate</c>.</summary>
    private static readonly string[] Reads =
    [
        "GET api/v1/ai/models", "GET v1/models", "GET v1/models/{**model}",
        "GET api/v1/ai/quota", "GET api/v1/ai/usage", "GET api/v1/ai/usage/{id:guid}", "GET api/v1/ai/preferences",
    ];

    /// <summary>The endpoints of the administration that administrators of a team may use as well.</summary>
    private static readonly string[] OfTeams =
    [
        "GET api/v1/admin/{scopes:scopeKind}/{id:guid}/budgets", "PUT api/v1/admin/{scopes:scopeKind}/{id:guid}/budgets",
        "DELETE api/v1/admin/{scopes:scopeKind}/{id:guid}/budgets",
        "GET api/v1/admin/{scopes:scopeKind}/{id:guid}/rates", "PUT api/v1/admin/{scopes:scopeKind}/{id:guid}/rates",
        "DELETE api/v1/admin/{scopes:scopeKind}/{id:guid}/rates",
        "POST api/v1/admin/keys", "GET api/v1/admin/keys", "GET api/v1/admin/keys/{id:guid}", "PATCH api/v1/admin/keys/{id:guid}",
        "POST api/v1/admin/keys/{id:guid}/rotate", "DELETE api/v1/admin/keys/{id:guid}",
        "POST api/v1/admin/projects", "GET api/v1/admin/projects", "GET api/v1/admin/projects/{id:guid}",
        "PATCH api/v1/admin/projects/{id:guid}", "DELETE api/v1/admin/projects/{id:guid}",
        "GET api/v1/admin/teams", "GET api/v1/admin/teams/{id:guid}", "GET api/v1/admin/teams/{id:guid}/statement",
        "GET api/v1/admin/users", "GET api/v1/admin/users/{id:guid}", "GET api/v1/admin/users/{id:guid}/quota", "PUT api/v1/admin/users/{id:guid}/quota",
        "GET api/v1/admin/usage", "GET api/v1/admin/usage/records", "GET api/v1/admin/usage/{id:guid}",
    ];

    /// <summary>The endpoints of the administration that need <c>ai:admin</c>. A new endpoint belongs to one of the two lists.</summary>
    private static readonly string[] OfAdministrators =
    [
        "POST api/v1/admin/users", "PATCH api/v1/admin/users/{id:guid}", "POST api/v1/admin/users/{id:guid}/erase", "PUT api/v1/admin/users/{id:guid}/team",
        "POST api/v1/admin/organisations", "GET api/v1/admin/organisations", "GET api/v1/admin/organisations/{id:guid}",
        "PATCH api/v1/admin/organisations/{id:guid}", "DELETE api/v1/admin/organisations/{id:guid}",
        "POST api/v1/admin/teams", "PATCH api/v1/admin/teams/{id:guid}", "DELETE api/v1/admin/teams/{id:guid}",
        "POST api/v1/admin/usage/{id:guid}/correct", "GET api/v1/admin/usage/{id:guid}/corrections", "POST api/v1/admin/ledger/verify",
        "GET api/v1/admin/providers", "PATCH api/v1/admin/providers/{name}", "GET api/v1/admin/providers/changes", "GET api/v1/admin/audit",
        "GET api/v1/admin/alerts", "POST api/v1/admin/webhooks", "GET api/v1/admin/webhooks", "GET api/v1/admin/webhooks/{id:guid}",
        "PATCH api/v1/admin/webhooks/{id:guid}", "DELETE api/v1/admin/webhooks/{id:guid}", "POST api/v1/admin/webhooks/{id:guid}/rotate",
        "POST api/v1/admin/webhooks/{id:guid}/test", "GET api/v1/admin/webhooks/{id:guid}/deliveries",
    ];

    private readonly Dictionary<string, GatewayClient> _callers = [];
    private GatewayHost _gateway = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _gateway = await GatewayHost.StartAsync(null, ("AI_GATEWAY_TRUSTED_PROXIES", "127.0.0.1,::1"));
        var user = await _gateway.CreateUserAsync();
        foreach (var right in (string[])["generate", "usage", "admin"])
            _callers[right] = await _gateway.Admin.CreateKeyAsync(user.Id, [$"ai:{right}"]);
        _callers["anonymous"] = _gateway.Anonymous;
        var ofTeam = await _gateway.CreateUserAsync();
        (await _gateway.Admin.PutAsync($"/api/v1/admin/users/{ofTeam.Id}/team", new { teamId = (await _gateway.Admin.CreateTeamAsync()).Id })).Expect(200);
        _callers["team"] = await _gateway.Admin.CreateKeyAsync(ofTeam.Id, ["ai:admin:team"]);
        var keys = _gateway.Services.GetRequiredService<IApiKeyStore>();
        var past = TimeProvider.System.GetUtcNow().AddSeconds(-1);
        _callers["expired"] = await CreateAsync(user.Id, id => keys.UpdateAsync(id, new KeyChanges { ExpiresAt = new(past) }, Actor.Operator, past, CancellationToken.None));
        _callers["revoked"] = await CreateAsync(user.Id, id => keys.RevokeAsync(id, Actor.Operator, past, CancellationToken.None));
        var team = await _gateway.Admin.CreateTeamAsync();
        (await _gateway.Admin.PatchAsync($"/api/v1/admin/teams/{team.Id}", """{"disabled":true}""")).Expect(200);
        _callers["disabled"] = await CreateAsync(
            user.Id, async id => (await _gateway.Admin.PatchAsync($"/api/v1/admin/keys/{id}", new { teamId = team.Id })).Expect(200));
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _gateway.DisposeAsync();

    [TestCase("anonymous")]
    [TestCase("expired")]
    [TestCase("revoked")]
    [TestCase("disabled")]
    [TestCase("generate")]
    [TestCase("usage")]
    [TestCase("admin")]
    [TestCase("team")]
    public async Task Endpoint_WhenAsked_TakesTheRightCredentialsAlone(string kind)
    {
        var asked = 0;
        foreach (var (method, route, isOpen) in Endpoints())
        {
            var right = route.StartsWith("api/v1/admin/", StringComparison.Ordinal) ? "admin" : Reads.Contains($"{method} {route}") ? "usage" : "generate";
            int? expected = kind switch
            {
                _ when isOpen => null,
                "generate" when right is "generate" or "usage" => null,
                "usage" or "admin" when right == kind => null,
                "team" when OfTeams.Contains($"{method} {route}") => null,
                "generate" or "usage" or "admin" or "team" => 403,
                _ => 401,
            };

            var reply = await AskAsync(kind, method, route);

            asked++;
            Assert.That(reply.Status, expected is { } status ? Is.EqualTo(status) : Is.Not.EqualTo(401).And.Not.EqualTo(403), $"{kind}: {method} {route}: {reply.Text}");
        }

        Assert.That(asked, Is.GreaterThan(50));
    }

    [Test]
    public void EndpointsOfTheAdministration_AllSayWhetherAdministratorsOfTeamsMayUseThem() => Assert.That(
        Endpoints().Select(each => $"{each.Method} {each.Route}").Where(each => each.Contains(" api/v1/admin/", StringComparison.Ordinal)),
        Is.EquivalentTo(OfTeams.Concat(OfAdministrators)));

    // Each kind has an address and every endpoint a further one, since the failures of an address are limited.
    private Task<Reply> AskAsync(string kind, string method, string route)
    {
        var path = "/" + route.Replace("{id:guid}", "00000000-0000-7000-8000-0000000000ff", StringComparison.Ordinal)
            .Replace("{id}", "resp_1", StringComparison.Ordinal).Replace("{**model}", TestPrices.Model, StringComparison.Ordinal)
            .Replace("{name}", "none", StringComparison.Ordinal).Replace("{scopes:scopeKind}", "users", StringComparison.Ordinal);
        var request = _callers[kind].Request(new HttpMethod(method), path);
        request.Headers.Add("X-Forwarded-For", $"192.0.2.{kind.Length + (route.Length % 200)}");
        if (method is "POST" or "PUT" or "PATCH") request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
        return _callers[kind].SendAsync(request);
    }

    private async Task<GatewayClient> CreateAsync(Guid userId, Func<Guid, Task> change)
    {
        var made = (await _gateway.Admin.PostAsync("/api/v1/admin/keys", new { userId, name = "key" })).Expect(201).Json;
        await change(made.GetProperty("id").GetGuid());
        return _gateway.Admin.As(made.GetProperty("key").GetString());
    }

    private IEnumerable<(string Method, string Route, bool IsOpen)> Endpoints() =>
        from endpoint in _gateway.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        let isOpen = endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null || endpoint.Metadata.GetMetadata<IAuthorizeData>() is null
        from verb in endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods
        select (verb, endpoint.RoutePattern.RawText!.TrimStart('/'), isOpen);
}
