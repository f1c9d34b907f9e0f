using System.Text.Json;
using AiGateway.Api.Tests.Hosting;

namespace AiGateway.Api.Tests.SignIn;

/// <summary>Sign-in to the console by an OpenID provider.</summary>
internal sealed class OidcTests
{
    private const string Users = "/api/v1/admin/users";
    private static readonly HttpClient Visitor = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
    private OddOpenIdProvider _provider = null!;
    private GatewayHost _gateway = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _provider = await OddOpenIdProvider.StartAsync();
        _gateway = await StartGatewayAsync(_provider.Address);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _gateway.DisposeAsync();
        await _provider.DisposeAsync();
    }

    [SetUp]
    public void Reset() => _provider.Reset();

    [Test]
    public async Task SignIn_AtARealProvider_OpensTheConsole()
    {
        await using var provider = await OpenIddictProvider.StartAsync();
        await using var gateway = await StartGatewayAsync(provider.Address.ToString());
        var browser = new ConsoleBrowser(gateway.Anonymous);
        Assert.That(Texts((await browser.SessionAsync()).GetProperty("signInMethods")), Is.EqualTo(["key", "oidc"]));

        var back = await VisitAsync(browser);

        Assert.That(back.Expect(302).Header("Location"), Is.EqualTo("/console/"));
        Assert.That(browser.Cookies.Keys, Is.EqualTo(["aigw"]), "the cookies of the way to the provider are gone");
        var session = await browser.SessionAsync();
        Assert.That(session.GetProperty("user").GetProperty("name").GetString(), Is.EqualTo("Ann Example"), session.ToString());
        Assert.That(Texts(session.GetProperty("scopes")), Is.EquivalentTo(["ai:admin", "ai:generate"]));
        (await browser.SendAsync(HttpMethod.Post, Users, new { name = "Bob" })).Expect(201);
        var row = (await browser.GetAsync("/api/v1/admin/audit?limit=1")).Expect(200).Json.GetProperty("items")[0];
        Assert.That(row.GetProperty("via").GetString(), Is.EqualTo("console"));
        Assert.That(row.GetProperty("actor").GetString(), Is.EqualTo(session.GetProperty("user").GetProperty("id").GetString()));
        Assert.That(row.GetProperty("apiKeyId").ValueKind, Is.EqualTo(JsonValueKind.Null));
    }

    [TestCase("audiences", "ai:admin,ai:generate")]
    [TestCase("one group as text", "ai:usage")]
    [TestCase("two groups", "ai:admin,ai:generate,ai:usage")]
    [TestCase("groups from user info", "ai:usage")]
    [TestCase("clock ahead", "ai:admin,ai:generate")]
    [TestCase("expired a minute ago", "ai:admin,ai:generate")]
    [TestCase("without a name", "ai:admin,ai:generate")]
    public async Task SignIn_WithTokensOfTheField_IsAccepted(string oddity, string scopes)
    {
        Bend(oddity);
        var browser = new ConsoleBrowser(_gateway.Anonymous);

        (await VisitAsync(browser)).Expect(302);

        var session = await browser.SessionAsync();
        Assert.That(session.GetProperty("signInError").ValueKind, Is.EqualTo(JsonValueKind.Null), session.ToString());
        Assert.That(Texts(session.GetProperty("scopes")), Is.EquivalentTo(scopes.Split(',')));
    }

    [TestCase("other audience", "failed")]
    [TestCase("other issuer", "failed")]
    [TestCase("other nonce", "failed")]
    [TestCase("no nonce", "failed")]
    [TestCase("expired long ago", "failed")]
    [TestCase("clock far ahead", "failed")]
    [TestCase("forged", "failed")]
    [TestCase("user info of another", "failed")]
    [TestCase("denied", "refused you")]
    [TestCase("no group", "The console needs one of ai:admin")]
    [TestCase("group whose name holds another", "The console needs one of ai:admin")]
    public async Task SignIn_ThatIsNotAllowed_EndsAtTheConsoleWithTheReason(string fault, string reason)
    {
        Bend(fault);
        var browser = new ConsoleBrowser(_gateway.Anonymous);

        var back = (await VisitAsync(browser)).Expect(302);

        Assert.That(back.Header("Location"), Is.EqualTo("/console/"));
        var session = await browser.SessionAsync();
        Assert.That(session.GetProperty("user").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(session.GetProperty("signInError").GetString(), Does.Contain(reason));
        Assert.That((await browser.SessionAsync()).GetProperty("signInError").ValueKind, Is.EqualTo(JsonValueKind.Null), "it is told once");
    }

    [TestCase("?code=a&state=b")]
    [TestCase("")]
    public async Task Callback_WithoutASignIn_EndsAtTheConsoleWithTheReason(string query)
    {
        var browser = new ConsoleBrowser(_gateway.Anonymous);

        (await browser.GetAsync($"/console/signin/callback{query}")).Expect(302);

        Assert.That((await browser.SessionAsync()).GetProperty("signInError").GetString(), Does.Contain("Start it again"));
    }

    [Test]
    public async Task Callback_OfAnotherBrowsersSignIn_GivesNoSession()
    {
        var other = new ConsoleBrowser(_gateway.Anonymous);
        var callback = await CallbackAsync(other);
        var browser = new ConsoleBrowser(_gateway.Anonymous);

        (await browser.GetAsync(callback)).Expect(302);

        Assert.That((await browser.SessionAsync()).GetProperty("user").ValueKind, Is.EqualTo(JsonValueKind.Null));
    }

    [Test]
    public async Task Person_WhoSignsInAgain_IsTheSameUser_AndWhenDisabledNone()
    {
        _provider.Bend = claims => claims["sub"] = _provider.UserInfo["sub"] = "bob";
        var browser = new ConsoleBrowser(_gateway.Anonymous);
        await VisitAsync(browser);
        var id = (await browser.SessionAsync()).GetProperty("user").GetProperty("id").GetGuid();
        await VisitAsync(browser);
        Assert.That((await browser.SessionAsync()).GetProperty("user").GetProperty("id").GetGuid(), Is.EqualTo(id));

        (await _gateway.Admin.PatchAsync($"{Users}/{id}", new { disabled = true })).Expect(200);

        (await browser.GetAsync(Users)).Expect(401, "unauthenticated");
        await VisitAsync(browser);
        Assert.That((await browser.SessionAsync()).GetProperty("signInError").GetString(), Does.Contain("disabled"));
    }

    [Test]
    public async Task SignIn_BehindAProxy_ReturnsToThePublicAddressWithCookiesForHttpsAlone()
    {
        await using var gateway = await StartGatewayAsync(_provider.Address, ("AI_GATEWAY_PUBLIC_URL", "https://ai.example.com"));

        var away = (await gateway.Anonymous.GetAsync("/console/signin")).Expect(302);

        Assert.That(Uri.UnescapeDataString(away.Header("Location")!), Does.Contain("redirect_uri=https://ai.example.com/console/signin/callback&"));
        var cookies = away.Header("Set-Cookie")!.Split("; ");
        Assert.That(cookies.Count(each => each == "secure"), Is.EqualTo(2), "the cookies of state and nonce");
        Assert.That(cookies.Count(each => each == "samesite=lax"), Is.EqualTo(2));
    }

    [Test]
    public async Task SignIn_WhenTheProviderIsAway_EndsAtTheConsoleWithTheReason()
    {
        await using var gateway = await StartGatewayAsync("http://127.0.0.1:9");
        var browser = new ConsoleBrowser(gateway.Anonymous);

        (await browser.GetAsync("/console/signin")).Expect(302);

        Assert.That((await browser.SessionAsync()).GetProperty("signInError").GetString(), Does.Contain("cannot be reached"));
    }

    private static Task<GatewayHost> StartGatewayAsync(string authority, params (string, string)[] more) => GatewayHost.StartAsync(null,
    [
        ("environment", "Development"), ("Oidc:Authority", authority), ("Oidc:ClientId", OddOpenIdProvider.ClientId),
        ("Oidc:ClientSecret", OddOpenIdProvider.ClientSecret), ("Oidc:Rights", "platform=ai:admin ai:generate;finance=ai:usage"), .. more,
    ]);

    private static string[] Texts(JsonElement list) => [.. list.EnumerateArray().Select(each => each.GetString()!)];

    /// <summary>From the button to the provider and back.</summary>
    private static async Task<Reply> VisitAsync(ConsoleBrowser browser) => await browser.GetAsync(await CallbackAsync(browser));

    private static async Task<string> CallbackAsync(ConsoleBrowser browser)
    {
        var away = (await browser.GetAsync("/console/signin")).Expect(302);
        using var answer = await Visitor.GetAsync(new Uri(away.Header("Location")!));
        Assert.That((int)answer.StatusCode, Is.EqualTo(302), await answer.Content.ReadAsStringAsync());
        return answer.Headers.Location!.PathAndQuery;
    }

    private void Bend(string oddity)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        _provider.IsForged = oddity == "forged";
        _provider.Error = oddity == "denied" ? "access_denied" : null;
        if (oddity == "groups from user info") _provider.UserInfo["groups"] = new[] { "finance" };
        if (oddity == "user info of another") _provider.UserInfo["sub"] = "bob";
        _provider.Bend = claims =>
        {
            switch (oddity)
            {
                case "audiences": (claims["aud"], claims["azp"]) = (new[] { OddOpenIdProvider.ClientId, "another" }, OddOpenIdProvider.ClientId); break;
                case "one group as text": claims["groups"] = "finance"; break;
                case "two groups": claims["groups"] = new[] { "finance", "platform", "other" }; break;
                case "groups from user info" or "no group": claims.Remove("groups"); break;
                case "group whose name holds another": claims["groups"] = "former platform, finance"; break;
                case "clock ahead": (claims["iat"], claims["nbf"]) = (now + 90, now + 90); break;
                case "clock far ahead": (claims["iat"], claims["nbf"]) = (now + 600, now + 600); break;
                case "expired a minute ago": (claims["nbf"], claims["exp"]) = (now - 600, now - 60); break;
                case "expired long ago": (claims["nbf"], claims["exp"]) = (now - 6000, now - 600); break;
                case "without a name": claims.Remove("name"); break;
                case "other audience": claims["aud"] = "another"; break;
                case "other issuer": claims["iss"] = "https://evil.example"; break;
                case "other nonce": claims["nonce"] = "another"; break;
                case "no nonce": claims.Remove("nonce"); break;
            }
        };
    }
}
