using System.Text.Json;
using AiGateway.Api.Tests.Hosting;

namespace AiGateway.Api.Tests;

/// <summary>The root address redirects a browser to the console, and tells a program the other addresses.</summary>
internal sealed class IndexTests
{
    private const string Browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

    private GatewayHost _gateway = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _gateway = await GatewayHost.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await _gateway.DisposeAsync();

    [TestCase(Browser)]
    [TestCase("TEXT/HTML")]
    public async Task Index_WhenABrowserAsks_RedirectsToTheConsole(string accept)
    {
        var reply = (await AskAsync(_gateway.Anonymous, accept)).Expect(302);

        Assert.That(reply.Header("Vary"), Does.Contain("Accept"));
        Assert.That(reply.Header("Location"), Is.EqualTo("/console/"));
        var page = (await _gateway.Anonymous.GetAsync(reply.Header("Location")!)).Expect(200);
        Assert.That(page.Header("Content-Type"), Does.StartWith("text/html"));
    }

    [TestCase(null)]
    [TestCase("*/*")]
    [TestCase("application/json")]
    [TestCase("text/htmlx")]
    [TestCase("not a media type")]
    public async Task Index_WhenAProgramAsks_NamesAddressesThatExist(string? accept)
    {
        var reply = (await AskAsync(_gateway.Anonymous, accept)).Expect(200);

        var json = reply.Json;
        Assert.That(reply.Header("Vary"), Does.Contain("Accept"));
        Assert.That(json.GetProperty("name").GetString(), Is.EqualTo("AiGateway"));
        Assert.That(json.GetProperty("version").GetString(), Does.Match(@"^\d+\.\d+\.\d+$"));
        foreach (var link in new[] { "health", "openApi", "documentation" })
            (await _gateway.Anonymous.GetAsync(json.GetProperty(link).GetString()!)).Expect(200);
        var apis = json.GetProperty("apis").EnumerateObject().ToDictionary(api => api.Name, api => api.Value.GetString());
        (await _gateway.Admin.GetAsync($"{apis["native"]}/ai/models")).Expect(200);
        (await _gateway.Admin.GetAsync($"{apis["openAiCompatible"]}/models")).Expect(200);
        (await _gateway.Admin.PostAsync($"{apis["anthropicCompatible"]}v1/messages/count_tokens", new { messages = new[] { new { role = "user", content = "q" } } })).Expect(200);
    }

    [TestCase(Browser)]
    [TestCase("application/json")]
    public async Task Index_WhenConsoleAndDocumentationAreSwitchedOff_NamesNone(string accept)
    {
        await using var quiet = await GatewayHost.StartAsync(null, ("AI_GATEWAY_DOCS", "false"), ("AI_GATEWAY_CONSOLE", "false"));

        var json = (await AskAsync(quiet.Anonymous, accept)).Expect(200).Json;

        Assert.That(json.GetProperty("openApi").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(json.GetProperty("documentation").ValueKind, Is.EqualTo(JsonValueKind.Null));
    }

    [Test]
    public async Task Index_WhenTheRateLimitIsUsedUp_IsRefusedLikeHealth()
    {
        await using var narrow = await GatewayHost.StartAsync(null, ("AI_GATEWAY_RATE_LIMIT_PER_MINUTE", "1"));
        (await narrow.Admin.GetAsync("/")).Expect(200);

        (await narrow.Admin.GetAsync("/")).Expect(429, "rate_limited");
        (await narrow.Admin.GetAsync("/health/live")).Expect(429, "rate_limited");
        (await narrow.Anonymous.GetAsync("/")).Expect(200);
    }

    private static Task<Reply> AskAsync(GatewayClient caller, string? accept)
    {
        var request = caller.Request(HttpMethod.Get, "/");
        if (accept is not null) request.Headers.TryAddWithoutValidation("Accept", accept);
        return caller.SendAsync(request);
    }
}
