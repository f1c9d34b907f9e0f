using System.Text;
using AiGateway.Api.Tests.Hosting;
using AiGateway.Application.Administration;
using AiGateway.Application.ApiKeys;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace AiGateway.Api.Tests.Auth;

/// <summary>A request that is admitted in one step gets the same reply as one that goes the standard way.</summary>
internal sealed class WaysInTests
{
    private const string Origin = "https://app.example.com";
    private const string NoOne = "00000000-0000-7000-8000-0000000000ff";

    // Each is asked of every endpoint.
    private static readonly string[] Kinds =
    [
        "good", "generate", "usage", "admin", "x-api-key", "api-key", "twice", "different", "lower case", "near", "far", "browser", "stranger",
        "odd host", "none", "wrong", "expired", "revoked", "disabled user", "disabled team", "token", "broken token",
    ];

    private readonly Dictionary<(GatewayHost Gateway, string Kind), string?> _secrets = [];
    private WaysIn _ways = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _ways = await WaysIn.StartAsync(
            [("AI_GATEWAY_TRUSTED_PROXIES", "127.0.0.1,::1"), ("AI_GATEWAY_CORS_ORIGINS", Origin), .. TestTokens.Settings]);
        foreach (var gateway in (GatewayHost[])[_ways.OneStep, _ways.Standard]) await CreateKeysAsync(gateway);
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _ways.DisposeAsync();

    [TestCaseSource(nameof(Kinds))]
    public async Task Endpoint_WhenAskedBothWays_AnswersTheSame(string kind)
    {
        foreach (var (method, route) in Endpoints())
        {
            var (one, other) = (await AskAsync(_ways.OneStep, kind, method, route), await AskAsync(_ways.Standard, kind, method, route));

            Assert.That(WaysIn.TextOf(one), Is.EqualTo(WaysIn.TextOf(other)), $"{kind}: {method} {route}");
        }

        var (inOneStep, standard) = _ways.AdmittedInOneStep;
        Assert.That(standard, Is.Zero);
        if (kind == "good") Assert.That(inOneStep, Is.AtLeast(15), "the endpoints of callers; those of the administration go the standard way");
    }

    [TestCase("HEAD", "/v1/models")]
    [TestCase("OPTIONS", "/v1/models")]
    [TestCase("GET", "/v1/chat/completions")]
    [TestCase("PATCH", "/v1/chat/completions")]
    [TestCase("POST", "/v1/nothing")]
    [TestCase("POST", "/openai/deployments/odd-model/chat/completions?api-version=2024-10-21")]
    [TestCase("POST", "/v1//chat//completions")]
    [TestCase("POST", "/V1/Chat/Completions/")]
    public async Task Address_WhenItIsOdd_AnswersTheSame(string method, string path)
    {
        foreach (var kind in (string[])["good", "usage", "wrong", "browser"])
        {
            var (one, other) = (await SendAsync(_ways.OneStep, kind, method, path), await SendAsync(_ways.Standard, kind, method, path));

            Assert.That(WaysIn.TextOf(one), Is.EqualTo(WaysIn.TextOf(other)), kind);
        }
    }

    [TestCase("POST", "/v1/chat/completions", """{"messages":[{"role":"user","content":"Hi"}]}""", 200)]
    [TestCase("POST", "/v1/chat/completions", """{"messages":[{"role":"user","content":"Hi"}],"stream":true}""", 200)]
    [TestCase("POST", "/v1/messages", """{"max_tokens":16,"messages":[{"role":"user","content":"Hi"}]}""", 200)]
    [TestCase("POST", "/api/v1/ai/generate", """{"prompt":"Hi"}""", 200)]
    [TestCase("POST", "/api/v1/ai/estimate", """{"prompt":"Hi"}""", 200)]
    [TestCase("POST", "/v1/chat/completions", """{"messages":[],"n":0}""", 400)]
    [TestCase("POST", "/v1/chat/completions", "{", 400)]
    public async Task Body_WhenSentBothWays_IsAnsweredTheSame(string method, string path, string body, int status)
    {
        foreach (var kind in (string[])["good", "browser"])
        {
            var (one, other) = (await SendAsync(_ways.OneStep, kind, method, path, body), await SendAsync(_ways.Standard, kind, method, path, body));

            Assert.That(one.Status, Is.EqualTo(status), one.Text);
            Assert.That(WaysIn.TextOf(one), Is.EqualTo(WaysIn.TextOf(other)), kind);
        }
    }

    [Test]
    public async Task Failures_WhenTooManyComeFromAnAddress_AreRefusedTheSame()
    {
        for (var i = 0; i < 100; i++)
        {
            var (one, other) = (await FailAsync(_ways.OneStep), await FailAsync(_ways.Standard));

            Assert.That(WaysIn.TextOf(one.Expect(401)), Is.EqualTo(WaysIn.TextOf(other)));
        }

        // An address regains a failure a second, so one of the next few is refused.
        Assert.That(WaysIn.TextOf(await RefusedAsync(_ways.OneStep)), Is.EqualTo(WaysIn.TextOf(await RefusedAsync(_ways.Standard))));
        (await SendAsync(_ways.OneStep, "good", "GET", "/v1/models")).Expect(200);

        async Task<Reply> RefusedAsync(GatewayHost gateway)
        {
            for (; ; )
            {
                if (await FailAsync(gateway) is { Status: 429 } refused) return refused;
            }
        }

        Task<Reply> FailAsync(GatewayHost gateway)
        {
            var request = gateway.Admin.As("no-key-of-this-gateway").Request(HttpMethod.Get, "/v1/models");
            request.Headers.Add("X-Forwarded-For", "198.51.100.7");
            return gateway.Admin.SendAsync(request);
        }
    }

    private async Task CreateKeysAsync(GatewayHost gateway)
    {
        var user = await gateway.CreateUserAsync();
        var keys = gateway.Services.GetRequiredService<IApiKeyStore>();
        var past = TimeProvider.System.GetUtcNow().AddSeconds(-1);
        foreach (var right in (string[])["generate", "usage", "admin"])
            await KeepAsync(right, user.Id, [$"ai:{right}"]);
        foreach (var all in (string[])["good", "x-api-key", "api-key", "twice", "different", "lower case", "browser", "stranger", "odd host"])
            await KeepAsync(all, user.Id, ["ai:generate", "ai:usage", "ai:admin"]);
        await ChangeAsync("near", user.Id, new KeyChanges { AllowedNetworks = new("192.0.2.0/24") });
        await ChangeAsync("far", user.Id, new KeyChanges { AllowedNetworks = new("10.0.0.0/8") });
        await ChangeAsync("expired", user.Id, new KeyChanges { ExpiresAt = new(past) });
        await keys.RevokeAsync(await KeepAsync("revoked", user.Id, ["ai:generate"]), Actor.Operator, past, CancellationToken.None);
        var disabled = await gateway.CreateUserAsync();
        await KeepAsync("disabled user", disabled.Id, ["ai:generate"]);
        (await gateway.Admin.PatchAsync($"/api/v1/admin/users/{disabled.Id}", """{"disabled":true}""")).Expect(200);
        var team = await gateway.Admin.CreateTeamAsync();
        (await gateway.Admin.PatchAsync($"/api/v1/admin/teams/{team.Id}", """{"disabled":true}""")).Expect(200);
        var inTeam = await KeepAsync("disabled team", user.Id, ["ai:generate"]);
        (await gateway.Admin.PatchAsync($"/api/v1/admin/keys/{inTeam}", new { teamId = team.Id })).Expect(200);
        _secrets[(gateway, "wrong")] = "no-key-of-this-gateway";
        _secrets[(gateway, "none")] = null;
        _secrets[(gateway, "token")] = TestTokens.Create();
        _secrets[(gateway, "broken token")] = TestTokens.Create(audience: "another");

        async Task<Guid> KeepAsync(string kind, Guid userId, string[] scopes)
        {
            var made = (await gateway.Admin.PostAsync("/api/v1/admin/keys", new { userId, name = kind, scopes })).Expect(201).Json;
            _secrets[(gateway, kind)] = made.GetProperty("key").GetString();
            return made.GetProperty("id").GetGuid();
        }

        async Task ChangeAsync(string kind, Guid userId, KeyChanges changes) =>
            await keys.UpdateAsync(await KeepAsync(kind, userId, ["ai:generate"]), changes, Actor.Operator, past, CancellationToken.None);
    }

    private Task<Reply> AskAsync(GatewayHost gateway, string kind, string method, string route)
    {
        var path = "/" + route.Replace("{id:guid}", NoOne, StringComparison.Ordinal)
            .Replace("{id}", "resp_1", StringComparison.Ordinal).Replace("{**model}", TestPrices.Model, StringComparison.Ordinal)
            .Replace("{name}", "none", StringComparison.Ordinal).Replace("{scopes:scopeKind}", "users", StringComparison.Ordinal);
        return SendAsync(gateway, kind, method, path, method is "POST" or "PUT" or "PATCH" ? "{}" : null);
    }

    // Each address has few requests, because failures of an address are limited.
    private Task<Reply> SendAsync(GatewayHost gateway, string kind, string method, string path, string? body = null)
    {
        var secret = _secrets[(gateway, kind)];
        var request = gateway.Admin.As(kind is "x-api-key" or "api-key" ? null : secret).Request(new HttpMethod(method), path);
        request.Headers.Add("X-Forwarded-For", $"192.0.2.{Array.IndexOf(Kinds, kind) + (path.Length % 200)}");
        if (kind is "x-api-key" or "api-key" or "twice") request.Headers.Add(kind == "api-key" ? "api-key" : "X-Api-Key", secret);
        if (kind == "different") request.Headers.Add("X-Api-Key", GatewayHost.AdminKey);
        if (kind == "lower case") request.Headers.Authorization = new("bearer", secret);
        if (kind == "browser") request.Headers.Add("Origin", Origin);
        if (kind == "stranger") request.Headers.Add("Origin", "https://evil.example.com");
        if (kind == "odd host") request.Headers.Host = "evil.example.com:99";
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        return gateway.Admin.SendAsync(request);
    }

    private IEnumerable<(string Method, string Route)> Endpoints() =>
        from endpoint in _ways.OneStep.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        from verb in endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods
        select (verb, endpoint.RoutePattern.RawText!.TrimStart('/'));
}
