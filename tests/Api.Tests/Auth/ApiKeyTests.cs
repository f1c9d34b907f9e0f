using AiGateway.Api.Tests.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace AiGateway.Api.Tests.Auth;

internal sealed class ApiKeyTests
{
    private const string Quota = "/api/v1/ai/quota";
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 23, 10, 0, 0, TimeSpan.Zero));
    private GatewayHost _gateway = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _gateway = await GatewayHost.StartAsync(_time);

    [OneTimeTearDown]
    public async Task StopAsync() => await _gateway.DisposeAsync();

    [TestCase(null, TestName = "Request_WithoutKey_Is401")]
    [TestCase("agw_unknown", TestName = "Request_WhenItsKeyIsUnknown_Is401")]
    [TestCase("eyJhbGciOiJub25lIn0.e30.", TestName = "Request_WithATokenWhenTokensAreNotConfigured_Is401")]
    public async Task Request_WithoutValidCredentials_Is401(string? credentials)
    {
        var reply = (await _gateway.Admin.As(credentials).GenerateAsync()).Expect(401, "unauthenticated");

        Assert.That(reply.Header("WWW-Authenticate"), Is.EqualTo("Bearer realm=\"AiGateway\""));
        Assert.That(reply.Header("Content-Type"), Is.EqualTo("application/problem+json"));
        Assert.That(reply.Json.GetProperty("requestId").GetGuid(), Is.EqualTo(reply.RequestId));
    }

    [Test]
    public async Task Request_WithoutKeyAtTheOpenAiApi_Is401InOpenAisForm()
    {
        var reply = (await _gateway.Anonymous.GetAsync("/v1/models")).Expect(401);

        var error = reply.Json.GetProperty("error");
        Assert.That(error.GetProperty("code").GetString(), Is.EqualTo("invalid_api_key"));
        Assert.That(error.GetProperty("type").GetString(), Is.EqualTo("invalid_request_error"));
        Assert.That(reply.Header("WWW-Authenticate"), Is.Not.Null);
    }

    [Test]
    public async Task Key_WhenSentAsXApiKey_IsAccepted()
    {
        var user = await _gateway.CreateUserAsync();
        var request = _gateway.Anonymous.Request(HttpMethod.Get, Quota);
        request.Headers.Add("X-Api-Key", user.Caller.Credentials);

        (await _gateway.Anonymous.SendAsync(request)).Expect(200);
    }

    [TestCase("Basic {0}")]
    [TestCase("{0}")]
    [TestCase("Bearer {0}x")]
    public async Task Key_WhenNotSentAsBearer_IsRefused(string form)
    {
        var user = await _gateway.CreateUserAsync();
        var request = _gateway.Anonymous.Request(HttpMethod.Get, Quota);
        request.Headers.TryAddWithoutValidation("Authorization", string.Format(null, form, user.Caller.Credentials));

        (await _gateway.Anonymous.SendAsync(request)).Expect(401, "unauthenticated");
    }

    [Test]
    public async Task Key_WhenRevoked_IsRefusedAtOnce()
    {
        var user = await _gateway.CreateUserAsync();
        (await user.Caller.GetAsync(Quota)).Expect(200);
        var keys = (await _gateway.Admin.GetAsync($"/api/v1/admin/keys?userId={user.Id}")).Expect(200);
        var id = keys.Json.GetProperty("items")[0].GetProperty("id").GetGuid();

        (await _gateway.Admin.DeleteAsync($"/api/v1/admin/keys/{id}")).Expect(204);

        (await user.Caller.GetAsync(Quota)).Expect(401, "unauthenticated");
    }

    [Test]
    public async Task Key_WhenItExpires_IsRefusedFromThatInstant()
    {
        var user = await _gateway.CreateUserAsync();
        var expiry = _time.GetUtcNow().AddMinutes(5);
        var caller = await _gateway.Admin.CreateKeyAsync(user.Id, expiresAt: expiry);

        _time.SetUtcNow(expiry.AddMilliseconds(-1));
        (await caller.GetAsync(Quota)).Expect(200);
        _time.SetUtcNow(expiry);
        (await caller.GetAsync(Quota)).Expect(401, "unauthenticated");
    }

    [Test]
    public async Task Key_WhenItsUserIsDisabled_IsRefusedUntilTheUserIsEnabled()
    {
        var user = await _gateway.CreateUserAsync();
        (await user.Caller.GetAsync(Quota)).Expect(200);

        (await _gateway.Admin.PatchAsync($"/api/v1/admin/users/{user.Id}", new { disabled = true })).Expect(200);
        (await user.Caller.GetAsync(Quota)).Expect(401, "unauthenticated");
        (await _gateway.Admin.PatchAsync($"/api/v1/admin/users/{user.Id}", new { disabled = false })).Expect(200);
        (await user.Caller.GetAsync(Quota)).Expect(200);
    }

    [Test]
    public async Task Generation_WhenTheKeyHasTheAdminScopeAlone_Is403()
    {
        var user = await _gateway.CreateUserAsync();
        var caller = await _gateway.Admin.CreateKeyAsync(user.Id, ["ai:admin"]);

        (await caller.GenerateAsync()).Expect(403, "permission_denied");
        (await caller.GetAsync("/v1/models")).Expect(403);
        (await caller.GetAsync("/api/v1/admin/users")).Expect(200);
    }

    [TestCase("GET", "/api/v1/admin/users")]
    [TestCase("POST", "/api/v1/admin/users")]
    [TestCase("GET", "/api/v1/admin/users/00000000-0000-7000-8000-000000000001")]
    [TestCase("PATCH", "/api/v1/admin/users/00000000-0000-7000-8000-000000000001")]
    [TestCase("GET", "/api/v1/admin/users/00000000-0000-7000-8000-000000000001/quota")]
    [TestCase("PUT", "/api/v1/admin/users/00000000-0000-7000-8000-000000000001/quota")]
    [TestCase("GET", "/api/v1/admin/keys")]
    [TestCase("POST", "/api/v1/admin/keys")]
    [TestCase("DELETE", "/api/v1/admin/keys/00000000-0000-7000-8000-000000000001")]
    [TestCase("GET", "/api/v1/admin/usage")]
    [TestCase("POST", "/api/v1/admin/ledger/verify")]
    public async Task Administration_WhenTheKeyHasTheGenerateScopeAlone_Is403(string method, string path)
    {
        var user = await _gateway.CreateUserAsync();
        var verb = new HttpMethod(method);
        object? body = method is "GET" or "DELETE" ? null : "{}";

        (await user.Caller.SendAsync(verb, path, body)).Expect(403, "permission_denied");
        (await _gateway.Anonymous.SendAsync(verb, path, body)).Expect(401, "unauthenticated");
    }
}
