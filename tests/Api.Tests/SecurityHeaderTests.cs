using AiGateway.Api.Tests.Hosting;

namespace AiGateway.Api.Tests;

/// <summary>The security headers of replies.</summary>
internal sealed class SecurityHeaderTests
{
    private GatewayHost _gateway = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _gateway = await GatewayHost.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await _gateway.DisposeAsync();

    [TestCase("/")]
    [TestCase("/swagger/index.html")]
    [TestCase("/swagger/swagger-ui.css")]
    [TestCase("/openapi/v1.json")]
    [TestCase("/console/")]
    [TestCase("/console/session")]
    [TestCase("/health/live")]
    [TestCase("/v1/models")]
    [TestCase("/api/v1/ai/quota")]
    [TestCase("/nothing-is-here")]
    public async Task Reply_Always_ForbidsSniffingAndFrames(string path)
    {
        foreach (var caller in (GatewayClient[])[_gateway.Anonymous, _gateway.Admin])
        {
            var reply = await caller.GetAsync(path);

            Assert.That(reply.Header("X-Content-Type-Options"), Is.EqualTo("nosniff"));
            Assert.That(reply.Header("Content-Security-Policy"), Does.Contain("frame-ancestors 'none'"));
        }
    }

    [Test]
    public async Task SwaggerUi_Always_RunsOnlyScriptsOfItsOwnAddress()
    {
        var page = (await _gateway.Anonymous.GetAsync("/swagger/index.html")).Expect(200);

        Assert.That(page.Header("Content-Security-Policy"), Does.Contain("default-src 'none'").And.Contain("script-src 'self';").And.Contain("connect-src 'self'"));
        Assert.That(page.Text, Does.Not.Match("<script(?![^>]*src=)"), "the policy forbids inline scripts");
    }

    [Test]
    public async Task Location_WhenTheHostIsForged_NamesNoHost()
    {
        var request = _gateway.Admin.Request(HttpMethod.Post, "/api/v1/admin/users");
        request.Content = new StringContent("""{"name":"Ann"}""", System.Text.Encoding.UTF8, "application/json");
        request.Headers.Host = "evil.example";

        var made = (await _gateway.Admin.SendAsync(request)).Expect(201);

        Assert.That(made.Header("Location"), Is.EqualTo($"/api/v1/admin/users/{made.Json.GetProperty("id").GetGuid()}"));
        (await _gateway.Admin.GetAsync(made.Header("Location")!)).Expect(200);
    }
}
