using AiGateway.Api.Tests.Hosting;

namespace AiGateway.Api.Tests.SignIn;

/// <summary>The console's files.</summary>
internal sealed class ConsoleFileTests
{
    private GatewayHost _gateway = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _gateway = await GatewayHost.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await _gateway.DisposeAsync();

    [TestCase("/console/")]
    [TestCase("/console/index.html")]
    public async Task Page_WhenAsked_IsServedStrictlyAndMayBeKept(string path)
    {
        var page = (await _gateway.Anonymous.GetAsync(path)).Expect(200);

        Assert.That(page.Header("Content-Type"), Is.EqualTo("text/html; charset=utf-8"));
        Assert.That(page.Header("Content-Security-Policy"), Is.EqualTo(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"));
        Assert.That(page.Header("X-Content-Type-Options"), Is.EqualTo("nosniff"));
        Assert.That(page.Header("Referrer-Policy"), Is.EqualTo("no-referrer"));
        Assert.That(page.Header("Cache-Control"), Is.EqualTo("no-cache"));
        var again = _gateway.Anonymous.Request(HttpMethod.Get, path);
        again.Headers.TryAddWithoutValidation("If-None-Match", page.Header("ETag"));
        Assert.That((await _gateway.Anonymous.SendAsync(again)).Status, Is.EqualTo(304));
    }

    [Test]
    public async Task Address_WithoutTheSlash_IsCompleted() =>
        Assert.That((await _gateway.Anonymous.GetAsync("/console")).Expect(302).Header("Location"), Is.EqualTo("/console/"));

    [TestCase("/console/nothing.js")]
    [TestCase("/console/app/")]
    [TestCase("/console/..%2fappsettings.json")]
    [TestCase("/console/%2e%2e/%2e%2e/appsettings.json")]
    [TestCase("/console/..%5cappsettings.json")]
    [TestCase("/console/.hidden")]
    public async Task OtherFiles_AreNotServed(string path) => (await _gateway.Anonymous.GetAsync(path)).Expect(404, "not_found");

    [Test]
    public async Task Console_WhenSwitchedOff_IsNotThere()
    {
        await using var plain = await GatewayHost.StartAsync(null, ("AI_GATEWAY_CONSOLE", "false"));

        foreach (var path in (string[])["/console", "/console/", "/console/index.html", "/console/session"])
            (await plain.Anonymous.GetAsync(path)).Expect(404, "not_found");
        (await plain.Anonymous.PostAsync("/console/session", new { key = GatewayHost.AdminKey })).Expect(404, "not_found");
        var index = plain.Anonymous.Request(HttpMethod.Get, "/");
        index.Headers.Add("Accept", "text/html");
        Assert.That((await plain.Anonymous.SendAsync(index)).Expect(302).Header("Location"), Does.StartWith("/swagger"));
    }
}
