using System.Text.Json;
using AiGateway.Api.Tests.Hostile;
using AiGateway.Api.Tests.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace AiGateway.Api.Tests;

/// <summary>
/// Every route that can reach a provider checks the quota first. Each route that is not listed as free must refuse a user without quota.
/// </summary>
internal sealed class PaidRoutesTests
{
    /// <summary>The free routes. They read or write the gateway's own tables, or what the caller's own paid request left at the provider.</summary>
    private static readonly string[] Free =
    [
        "GET ", "HEAD ", "HEAD api/hello", "GET api/v1/ai/health", "GET health/live", "GET health/ready", "GET openapi/v1.json",
        "GET api/v1/ai/models", "GET v1/models", "GET v1/models/{**model}", "POST v1/responses/input_tokens", "POST v1/messages/count_tokens",
        "GET v1/responses/{id}", "DELETE v1/responses/{id}", "GET v1/responses/{id}/input_items", "POST v1/responses/{id}/cancel",
        "GET api/v1/ai/quota", "GET api/v1/ai/usage", "GET api/v1/ai/usage/{id:guid}", "GET api/v1/ai/preferences", "PUT api/v1/ai/preferences", "POST api/v1/ai/estimate",
        "GET api/v1/admin/users", "POST api/v1/admin/users", "GET api/v1/admin/users/{id:guid}", "POST api/v1/admin/users/{id:guid}/erase", "PATCH api/v1/admin/users/{id:guid}",
        "GET api/v1/admin/users/{id:guid}/quota", "PUT api/v1/admin/users/{id:guid}/quota",
        "GET api/v1/admin/{scopes:scopeKind}/{id:guid}/budgets",
        "PUT api/v1/admin/{scopes:scopeKind}/{id:guid}/budgets",
        "DELETE api/v1/admin/{scopes:scopeKind}/{id:guid}/budgets",
        "GET api/v1/admin/{scopes:scopeKind}/{id:guid}/rates",
        "PUT api/v1/admin/{scopes:scopeKind}/{id:guid}/rates",
        "DELETE api/v1/admin/{scopes:scopeKind}/{id:guid}/rates",
        "PUT api/v1/admin/users/{id:guid}/team",
        "GET api/v1/admin/keys", "POST api/v1/admin/keys", "GET api/v1/admin/keys/{id:guid}", "PATCH api/v1/admin/keys/{id:guid}", "DELETE api/v1/admin/keys/{id:guid}",
        "POST api/v1/admin/keys/{id:guid}/rotate",
        "GET api/v1/admin/organisations", "POST api/v1/admin/organisations",
        "GET api/v1/admin/organisations/{id:guid}", "PATCH api/v1/admin/organisations/{id:guid}", "DELETE api/v1/admin/organisations/{id:guid}",
        "GET api/v1/admin/teams", "POST api/v1/admin/teams",
        "GET api/v1/admin/teams/{id:guid}", "GET api/v1/admin/teams/{id:guid}/statement", "PATCH api/v1/admin/teams/{id:guid}", "DELETE api/v1/admin/teams/{id:guid}",
        "GET api/v1/admin/projects", "POST api/v1/admin/projects",
        "GET api/v1/admin/projects/{id:guid}", "PATCH api/v1/admin/projects/{id:guid}", "DELETE api/v1/admin/projects/{id:guid}",
        "GET api/v1/admin/usage", "GET api/v1/admin/usage/records", "GET api/v1/admin/usage/{id:guid}",
        "POST api/v1/admin/usage/{id:guid}/correct", "GET api/v1/admin/usage/{id:guid}/corrections", "POST api/v1/admin/ledger/verify",
        "GET api/v1/admin/alerts", "GET api/v1/admin/webhooks", "POST api/v1/admin/webhooks",
        "GET api/v1/admin/webhooks/{id:guid}", "PATCH api/v1/admin/webhooks/{id:guid}", "DELETE api/v1/admin/webhooks/{id:guid}",
        "POST api/v1/admin/webhooks/{id:guid}/rotate", "POST api/v1/admin/webhooks/{id:guid}/test", "GET api/v1/admin/webhooks/{id:guid}/deliveries",
        "GET api/v1/admin/audit", "GET api/v1/admin/providers", "PATCH api/v1/admin/providers/{name}", "GET api/v1/admin/providers/changes",
    ];

    [Test]
    public async Task Routes_WhenCalledByAUserWithoutQuota_ReachNoProvider()
    {
        await using var gateway = await GatewayHost.StartAsync();
        var victim = await gateway.CreateUserAsync();
        var user = await gateway.CreateUserAsync();
        var caller = await gateway.Admin.CreateKeyAsync(user.Id, ["ai:generate", "ai:admin"]);
        await gateway.Admin.SetQuotaAsync(user.Id, daily: 0);
        var bodies = (await BodyEndpoints.OfAsync(gateway, victim.Id)).ToDictionary(endpoint => $"{endpoint.Method} {endpoint.Path}");
        var routes = RoutesOf(gateway);

        var paid = 0;
        foreach (var (method, route) in routes)
        {
            var path = "/" + route.Replace("{id:guid}", $"{victim.Id}", StringComparison.Ordinal)
                .Replace("{id}", "resp_1", StringComparison.Ordinal).Replace("{**model}", TestPrices.Model, StringComparison.Ordinal)
                .Replace("{name}", "openai", StringComparison.Ordinal)
                .Replace("{scopes:scopeKind}", "users", StringComparison.Ordinal);
            var body = bodies.GetValueOrDefault($"{method} {path}");

            var reply = await caller.SendAsync(new HttpMethod(method), path, body?.ToJson());

            if (Free.Contains($"{method} {route}"))
            {
                Assert.That(reply.Status, Is.LessThan(300).Or.EqualTo(404), $"{method} {route}: {reply.Text}");
                continue;
            }

            paid++;
            Assert.That(reply.Status, Is.EqualTo(429), $"{method} {route} is neither refused nor in the list of free routes: {reply.Text}");
            Assert.That(CodeOf(reply), Is.AnyOf("quota_exceeded", "insufficient_quota", "rate_limit_error"), $"{method} {route}");
        }

        Assert.That(paid, Is.AtLeast(3));
        Assert.That(gateway.Provider.Seen.Where(seen => seen.Method != "GET"), Is.Empty, "only the list of models, which is free, is read from a provider");
        Assert.That(Free, Is.SubsetOf(routes.Select(each => $"{each.Method} {each.Route}")), "every route of the list exists");
    }

    private static string? CodeOf(Reply reply) =>
        reply.Json.TryGetProperty("error", out JsonElement error)
            ? error.TryGetProperty("code", out var code) ? code.GetString() : error.GetProperty("type").GetString()
            : reply.Code;

    private static (string Method, string Route)[] RoutesOf(GatewayHost gateway) =>
    [
        .. from endpoint in gateway.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
           from verb in endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods
           select (verb, endpoint.RoutePattern.RawText!.TrimStart('/')),
    ];
}
