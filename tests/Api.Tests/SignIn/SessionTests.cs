using System.Text.Json;
using AiGateway.Api.Tests.Hosting;
using AiGateway.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace AiGateway.Api.Tests.SignIn;

/// <summary>What a session of the console may do, and how it ends.</summary>
internal sealed class SessionTests
{
    private const string Users = "/api/v1/admin/users";
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 15, 12, 0, 0, TimeSpan.Zero));
    private GatewayHost _gateway = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _gateway = await GatewayHost.StartAsync(_clock);
        await _gateway.Admin.SetQuotaAsync(GatewayHost.AdminId);
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _gateway.DisposeAsync();

    [TestCase("", "", "", 403)]
    [TestCase("XMLHttpRequest", "", "", 403)]
    [TestCase("aigateway-console", "", "", 201)]
    [TestCase("aigateway-console", "http://localhost", "same-origin", 201)]
    [TestCase("aigateway-console", "http://localhost", "same-site", 403)]
    [TestCase("aigateway-console", "http://localhost", "cross-site", 403)]
    [TestCase("aigateway-console", "https://localhost", "", 403)]
    [TestCase("aigateway-console", "http://localhost:8080", "", 403)]
    [TestCase("aigateway-console", "http://evil.example", "", 403)]
    [TestCase("aigateway-console", "null", "", 403)]
    public async Task Change_BySession_NeedsTheHeaderAndTheSameOrigin(string header, string origin, string site, int status)
    {
        var browser = await SignInAsync();

        var reply = await browser.SendAsync(HttpMethod.Post, Users, new { name = "Ann" }, ("x-requested-with", header), ("Origin", origin), ("Sec-Fetch-Site", site));

        reply.Expect(status);
        if (status == 403) Assert.That(reply.Json.GetProperty("detail").GetString(), Does.Contain("Nothing was changed"));
        (await browser.SendAsync(HttpMethod.Get, Users, null, ("x-requested-with", ""))).Expect(200);
    }

    [Test]
    public async Task Session_AtTheCompatibleApis_IsNoCredential()
    {
        var browser = await SignInAsync();

        (await browser.GetAsync("/v1/models")).Expect(401);
        (await browser.SendAsync(HttpMethod.Post, "/v1/chat/completions", """{"messages":[{"role":"user","content":"Hi"}]}""")).Expect(401);
        (await browser.SendAsync(HttpMethod.Post, "/v1/messages", """{"max_tokens":9,"messages":[{"role":"user","content":"Hi"}]}""")).Expect(401);
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Session_AtTheNativeApi_GeneratesAndIsCharged(bool stream)
    {
        _gateway.Provider.Reset(stream ? StreamAsync : Answers.Completion());
        var browser = await SignInAsync();

        var reply = (await browser.SendAsync(HttpMethod.Post, "/api/v1/ai/generate", new { prompt = "Hi", stream })).Expect(200);

        var records = (await browser.GetAsync("/api/v1/ai/usage")).Expect(200).Json.GetProperty("items").EnumerateArray();
        Assert.That(records.Select(record => record.GetProperty("id").GetGuid()), Has.Member(reply.RequestId));
    }

    [Test]
    public async Task Request_WithAKeyAndASession_IsThatOfTheKey()
    {
        var browser = await SignInAsync();
        var user = await _gateway.CreateUserAsync();

        (await browser.SendAsync(HttpMethod.Get, Users, null, ("X-Api-Key", user.Caller.Credentials!))).Expect(403);
        (await browser.SendAsync(HttpMethod.Get, Users, null, ("X-Api-Key", "wrong"))).Expect(401);
    }

    [Test]
    public async Task Session_WhenItsKeyIsRevoked_EndsAtTheNextRequest()
    {
        var user = await _gateway.CreateUserAsync();
        var (id, browser) = await SignInWithNewKeyAsync(user.Id);
        (await browser.GetAsync(Users)).Expect(200);

        (await _gateway.Admin.DeleteAsync($"/api/v1/admin/keys/{id}")).Expect(204);

        var reply = (await browser.GetAsync(Users)).Expect(401, "unauthenticated");
        Assert.That(reply.Json.GetProperty("detail").GetString(), Does.Contain("Sign in again"));
        Assert.That((await browser.SessionAsync()).GetProperty("user").ValueKind, Is.EqualTo(JsonValueKind.Null));
    }

    [Test]
    public async Task Session_WhenItsUserIsDisabled_EndsAtTheNextRequest()
    {
        var user = await _gateway.CreateUserAsync();
        var (_, browser) = await SignInWithNewKeyAsync(user.Id);

        (await _gateway.Admin.PatchAsync($"{Users}/{user.Id}", new { disabled = true })).Expect(200);

        (await browser.GetAsync(Users)).Expect(401, "unauthenticated");
    }

    [Test]
    public async Task Session_WhenItsKeyMayNotBeUsedFromHere_IsRefusedWithTheReason()
    {
        var user = await _gateway.CreateUserAsync();
        var (id, browser) = await SignInWithNewKeyAsync(user.Id);

        (await _gateway.Admin.PatchAsync($"/api/v1/admin/keys/{id}", new { allowedNetworks = new[] { "192.0.2.0/24" } })).Expect(200);

        Assert.That((await browser.GetAsync(Users)).Expect(403).Text, Does.Contain("127.0.0.1"));
    }

    [Test]
    public async Task Session_AfterEightHours_HasEnded()
    {
        var browser = await SignInAsync();
        _clock.Advance(TimeSpan.FromHours(8) - TimeSpan.FromSeconds(1));
        (await browser.GetAsync(Users)).Expect(200);

        _clock.Advance(TimeSpan.FromSeconds(1));

        (await browser.GetAsync(Users)).Expect(401, "unauthenticated");
    }

    [TestCase("aigw")]
    [TestCase("not-sealed")]
    [TestCase("Q2ZESjg")]
    [TestCase("=;,")]
    public async Task Cookie_WhenForged_IsNoSession(string value)
    {
        var request = _gateway.Anonymous.Request(HttpMethod.Get, Users);
        request.Headers.TryAddWithoutValidation("Cookie", $"aigw={value}");

        (await _gateway.Anonymous.SendAsync(request)).Expect(401, "unauthenticated");
    }

    [Test]
    public async Task SignOut_BySession_RemovesTheCookie()
    {
        var browser = await SignInAsync();
        (await browser.SendAsync(HttpMethod.Delete, ConsoleBrowser.Session, null, ("x-requested-with", ""))).Expect(403);
        Assert.That(browser.Cookies, Is.Not.Empty);

        var reply = (await browser.SendAsync(HttpMethod.Delete, ConsoleBrowser.Session)).Expect(204);

        Assert.That(reply.Header("Set-Cookie"), Does.StartWith("aigw=;").And.Contain("path=/"));
        Assert.That(browser.Cookies, Is.Empty);
        (await browser.GetAsync(Users)).Expect(401);
    }

    [Test]
    public async Task Change_BySession_IsAuditedAsTheConsolesWithItsKey()
    {
        var (id, browser) = await SignInWithNewKeyAsync(GatewayHost.AdminId);

        (await browser.SendAsync(HttpMethod.Post, Users, new { name = "Ann" })).Expect(201);

        var row = (await browser.GetAsync("/api/v1/admin/audit?limit=1")).Expect(200).Json.GetProperty("items")[0];
        Assert.That(row.GetProperty("via").GetString(), Is.EqualTo("console"));
        Assert.That(row.GetProperty("actor").GetGuid(), Is.EqualTo(GatewayHost.AdminId));
        Assert.That(row.GetProperty("apiKeyId").GetGuid(), Is.EqualTo(id));
    }

    [Test]
    public async Task Sessions_OfTwoGatewaysThatStartAtOnce_AreAcceptedByBoth()
    {
        using var server = PostgresServer.TryStart();
        if (server is null) Assert.Ignore("PostgreSQL is not installed on this machine.");
        (string, string)[] settings =
            [("Database:Provider", "Postgres"), ("ConnectionStrings:Gateway", server.ConnectionString("gateway") + ";Maximum Pool Size=20")];
        await using var one = await GatewayHost.StartAsync(null, settings);
        await using var other = await GatewayHost.StartAsync(null, settings);
        var atOne = new ConsoleBrowser(one.Anonymous);
        var atOther = new ConsoleBrowser(other.Anonymous);

        await Task.WhenAll(atOne.SignInAsync(GatewayHost.AdminKey), atOther.SignInAsync(GatewayHost.AdminKey));

        (await atOne.At(other.Anonymous).GetAsync(Users)).Expect(200);
        (await atOther.At(one.Anonymous).GetAsync(Users)).Expect(200);
    }

    private static async Task StreamAsync(SeenRequest request, HttpContext http)
    {
        http.Response.ContentType = "text/event-stream";
        await http.Response.WriteAsync(
            """
            data: {"choices":[{"index":0,"delta":{"content":"Hello"},"finish_reason":"stop"}]}

            data: {"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":1,"total_tokens":10}}

            data: [DONE]


            """);
    }

    private async Task<ConsoleBrowser> SignInAsync()
    {
        var browser = new ConsoleBrowser(_gateway.Anonymous) { Host = "localhost" };
        await browser.SignInAsync(GatewayHost.AdminKey);
        return browser;
    }

    private async Task<(Guid KeyId, ConsoleBrowser Browser)> SignInWithNewKeyAsync(Guid userId)
    {
        var made = (await _gateway.Admin.PostAsync("/api/v1/admin/keys", new { userId, name = "console", scopes = new[] { "ai:admin" } })).Expect(201).Json;
        var browser = new ConsoleBrowser(_gateway.Anonymous) { Host = "localhost" };
        await browser.SignInAsync(made.GetProperty("key").GetString()!);
        return (made.GetProperty("id").GetGuid(), browser);
    }
}
