using AiGateway.Api.Tests.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace AiGateway.Api.Tests.SignIn;

/// <summary>Sign-in to the console by key.</summary>
internal sealed class SignInTests
{
    private const string PublicUrl = "https://ai.example.com";
    private GatewayHost _gateway = null!;
    private GatewayHost _proxied = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _gateway = await GatewayHost.StartAsync();
        _proxied = await GatewayHost.StartAsync(null, ("AI_GATEWAY_PUBLIC_URL", PublicUrl));
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _gateway.DisposeAsync();
        await _proxied.DisposeAsync();
    }

    [Test]
    public async Task Session_BeforeTheSignIn_NamesNoUserAndTheWaysToSignIn()
    {
        var reply = (await new ConsoleBrowser(_gateway.Anonymous).GetAsync(ConsoleBrowser.Session)).Expect(200);

        Assert.That(reply.Text, Does.Match("""^\{"user":null,"scopes":\[\],"expiresAt":null,"signInMethods":\["key"\],"signInError":null,"timeZone":"UTC","version":"\d+\.\d+\.\d+"\}$"""));
        Assert.That(reply.Header("Cache-Control"), Is.EqualTo("no-store"));
    }

    [Test]
    public async Task SignIn_OnTheSameMachine_GivesACookieForThisHostAlone()
    {
        var browser = new ConsoleBrowser(_gateway.Anonymous);

        var reply = await browser.SignInAsync(GatewayHost.AdminKey);

        Assert.That(reply.Header("Set-Cookie"), Does.Match("^aigw=[A-Za-z0-9_-]{50,}; max-age=28800; path=/; samesite=strict; httponly$"));
        Assert.That(reply.Header("Set-Cookie"), Does.Not.Contain(GatewayHost.AdminKey));
        var session = await browser.SessionAsync();
        Assert.That(session.GetProperty("user").GetProperty("id").GetGuid(), Is.EqualTo(GatewayHost.AdminId));
        Assert.That(session.GetProperty("scopes").EnumerateArray().Select(each => each.GetString()), Has.Member("ai:admin"));
        Assert.That(session.GetProperty("expiresAt").GetDateTimeOffset() - TimeProvider.System.GetUtcNow(), Is.EqualTo(TimeSpan.FromHours(8)).Within(TimeSpan.FromMinutes(5)));
        (await browser.GetAsync("/api/v1/admin/users")).Expect(200);
    }

    [Test]
    public async Task SignIn_BehindAProxy_GivesACookieForHttpsAlone()
    {
        var browser = new ConsoleBrowser(_proxied.Anonymous) { Host = "10.0.0.4:8080" };

        var reply = (await browser.SendAsync(HttpMethod.Post, ConsoleBrowser.Session, new { key = GatewayHost.AdminKey }, ("Origin", PublicUrl))).Expect(204);

        Assert.That(reply.Header("Set-Cookie"), Does.Match("^__Host-aigw=[A-Za-z0-9_-]{50,}; max-age=28800; path=/; secure; samesite=strict; httponly$"));
        (await browser.GetAsync("/api/v1/admin/users")).Expect(200);
    }

    [TestCase(false, "ai.example.com", "", "", "plain HTTP")]
    [TestCase(false, "192.168.1.4:5080", "", "", "AI_GATEWAY_PUBLIC_URL")]
    [TestCase(false, "localhost", "https://ai.example.com", "", "AI_GATEWAY_PUBLIC_URL")]
    [TestCase(false, "localhost", "http://localhost:81", "", "page at")]
    [TestCase(false, "localhost", "null", "", "page at null")]
    [TestCase(false, "localhost", "", "cross-site", "another site")]
    [TestCase(false, "localhost", "http://localhost", "same-site", "another site")]
    [TestCase(true, "localhost", "http://localhost", "", PublicUrl)]
    [TestCase(true, "ai.example.com", "https://evil.example", "", PublicUrl)]
    public async Task SignIn_FromAnAddressThatIsNotSafe_IsRefusedWithTheReason(bool isProxied, string host, string origin, string site, string reason)
    {
        var browser = new ConsoleBrowser((isProxied ? _proxied : _gateway).Anonymous) { Host = host };

        var reply = await browser.SendAsync(
            HttpMethod.Post, ConsoleBrowser.Session, new { key = GatewayHost.AdminKey }, ("Origin", origin), ("Sec-Fetch-Site", site));

        Assert.That(reply.Expect(403, "permission_denied").Json.GetProperty("detail").GetString(), Does.Contain(reason));
        Assert.That(reply.Header("Set-Cookie"), Is.Null);
    }

    [TestCase("http://localhost", "same-origin")]
    [TestCase("HTTP://LOCALHOST", "none")]
    [TestCase("", "")]
    public async Task SignIn_FromTheConsoleItself_Succeeds(string origin, string site) =>
        (await new ConsoleBrowser(_gateway.Anonymous) { Host = "localhost" }.SendAsync(
            HttpMethod.Post, ConsoleBrowser.Session, new { key = GatewayHost.AdminKey }, ("Origin", origin), ("Sec-Fetch-Site", site))).Expect(204);

    [TestCase("ai:generate", 403)]
    [TestCase("ai:usage", 204)]
    [TestCase("ai:admin:team", 204)]
    [TestCase("ai:admin", 204)]
    public async Task SignIn_WithAKey_NeedsARightThatTheConsoleUses(string scope, int status)
    {
        var user = await _gateway.CreateUserAsync();
        var key = await _gateway.Admin.CreateKeyAsync(user.Id, [scope]);

        var reply = await new ConsoleBrowser(_gateway.Anonymous).SendAsync(HttpMethod.Post, ConsoleBrowser.Session, new { key = key.Credentials });

        reply.Expect(status);
        if (status == 403) Assert.That(reply.Json.GetProperty("detail").GetString(), Does.Contain("ai:usage").And.Contain("You have ai:generate"));
    }

    [TestCase("{}", 400, "invalid_request")]
    [TestCase("""{"key":" "}""", 400, "invalid_request")]
    [TestCase("""{"key":"a","key":"b"}""", 400, "invalid_request")]
    [TestCase("""{"key":"agw_wrong"}""", 401, "unauthenticated")]
    public async Task SignIn_WithoutAValidKey_IsRefused(string body, int status, string code) =>
        (await new ConsoleBrowser(_gateway.Anonymous).SendAsync(HttpMethod.Post, ConsoleBrowser.Session, body)).Expect(status, code);

    [Test]
    public async Task SignIn_WithALargeBody_IsRefused() =>
        (await new ConsoleBrowser(_gateway.Anonymous).SendAsync(HttpMethod.Post, ConsoleBrowser.Session, new { key = new string('k', 200_000) })).Expect(413, "request_too_large");

    [Test]
    public async Task SignIn_WithWrongKeys_IsCountedLikeAnyOtherWrongKey()
    {
        await using var gateway = await GatewayHost.StartAsync(new FakeTimeProvider(new DateTimeOffset(2026, 11, 15, 12, 0, 0, TimeSpan.Zero)));
        var browser = new ConsoleBrowser(gateway.Anonymous);
        await browser.SignInAsync(GatewayHost.AdminKey);
        for (var i = 0; i < 50; i++)
        {
            (await browser.SendAsync(HttpMethod.Post, ConsoleBrowser.Session, new { key = $"wrong-{i}" })).Expect(401, "unauthenticated");
            (await gateway.Admin.As($"wrong-{i}").GetAsync("/v1/models")).Expect(401);
        }

        (await browser.SendAsync(HttpMethod.Post, ConsoleBrowser.Session, new { key = "wrong" })).Expect(429, "rate_limited");
        await browser.SignInAsync(GatewayHost.AdminKey);
    }
}
