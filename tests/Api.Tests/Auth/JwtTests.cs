using System.Text.Json;
using AiGateway.Api.Tests.Hosting;

namespace AiGateway.Api.Tests.Auth;

internal sealed class JwtTests
{
    private const string Quota = "/api/v1/ai/quota";
    private GatewayHost _gateway = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _gateway = await GatewayHost.StartAsync(null, TestTokens.Settings);

    [OneTimeTearDown]
    public async Task StopAsync() => await _gateway.DisposeAsync();

    [Test]
    public async Task Token_WhenValid_GeneratesForItsSubject()
    {
        var reply = (await As(TestTokens.Create("booked", name: "Bo Oked")).GenerateAsync()).Expect(200);

        var user = (await UsersAsync()).Single(each => ExternalIdOf(each) == $"{TestTokens.Issuer}|booked");
        Assert.That(user.GetProperty("name").GetString(), Is.EqualTo("Bo Oked"));
        var row = (await As(TestTokens.Create("booked")).UsageAsync()).Single();
        Assert.That(row.GetProperty("id").GetGuid(), Is.EqualTo(reply.RequestId));
        Assert.That(row.GetProperty("apiKeyId").ValueKind, Is.EqualTo(JsonValueKind.Null));
    }

    [Test]
    public async Task Token_WhenSentAsXApiKey_IsAccepted()
    {
        var request = _gateway.Anonymous.Request(HttpMethod.Get, Quota);
        request.Headers.Add("X-Api-Key", TestTokens.Create());

        (await _gateway.Anonymous.SendAsync(request)).Expect(200);
    }

    private static IEnumerable<TestCaseData> FaultyTokens()
    {
        yield return new TestCaseData(TestTokens.Create(issuer: "https://other.example.com/")).SetArgDisplayNames("wrong issuer");
        yield return new TestCaseData(TestTokens.Create(issuer: null)).SetArgDisplayNames("no issuer");
        yield return new TestCaseData(TestTokens.Create(audience: "other")).SetArgDisplayNames("wrong audience");
        yield return new TestCaseData(TestTokens.Create(audience: null)).SetArgDisplayNames("no audience");
        yield return new TestCaseData(TestTokens.Create(signingKey: TestTokens.SigningKey + "x")).SetArgDisplayNames("wrong signature");
        yield return new TestCaseData(TestTokens.Create(algorithm: "none")).SetArgDisplayNames("alg none");
        yield return new TestCaseData(TestTokens.Create(algorithm: "HS512")).SetArgDisplayNames("signature of another algorithm");
        yield return new TestCaseData(TestTokens.Create(expiresIn: TimeSpan.FromMinutes(-2))).SetArgDisplayNames("expired");
        yield return new TestCaseData(TestTokens.WithoutExpiry()).SetArgDisplayNames("without an expiry");
        yield return new TestCaseData(TestTokens.Create(subject: null)).SetArgDisplayNames("no subject");
        yield return new TestCaseData(TestTokens.Create(subject: "")).SetArgDisplayNames("empty subject");
        yield return new TestCaseData(TestTokens.Create(subject: "booked ")).SetArgDisplayNames("subject that ends in a blank");
        yield return new TestCaseData(TestTokens.Create(subject: new string('s', 5000))).SetArgDisplayNames("subject that is too long");
        yield return new TestCaseData("eyJ.eyJ.eyJ").SetArgDisplayNames("not a token");
    }

    [TestCaseSource(nameof(FaultyTokens))]
    public async Task Token_WhenFaulty_Is401(string token)
    {
        var reply = (await As(token).GenerateAsync()).Expect(401, "unauthenticated");

        Assert.That(reply.Header("WWW-Authenticate"), Does.StartWith("Bearer"));
        Assert.That(reply.Text, Does.Not.Contain("IDX"), "the library's own message is not passed on");
    }

    [TestCase(null)]
    [TestCase("ai:admin")]
    [TestCase("ai:generated")]
    [TestCase("AI:GENERATE")]
    public async Task Generation_WhenTheTokenLacksTheScope_Is403(string? scope) =>
        (await As(TestTokens.Create("scopeless", scope)).GenerateAsync()).Expect(403, "permission_denied");

    [Test]
    public async Task Administration_WhenTheTokenHasTheScope_IsAllowed() =>
        (await As(TestTokens.Create("boss", "openid ai:admin ai:generate")).GetAsync("/api/v1/admin/users")).Expect(200);

    [Test]
    public async Task Subject_WhenManyRequestsSeeItFirstAtOnce_BecomesOneUser()
    {
        // The names differ, which keeps the requests from sharing one look-up.
        var requests = Enumerable.Range(0, 20).Select(i => As(TestTokens.Create("crowd", name: $"Crowd {i}")).GetAsync(Quota));

        var replies = await Task.WhenAll(requests);

        Assert.That(replies.Select(reply => reply.Status), Is.All.EqualTo(200));
        Assert.That((await UsersAsync()).Count(user => ExternalIdOf(user) == $"{TestTokens.Issuer}|crowd"), Is.EqualTo(1));
    }

    [Test]
    public async Task Token_WhenItsUserIsDisabled_Is401()
    {
        var caller = As(TestTokens.Create("leaver"));
        (await caller.GetAsync(Quota)).Expect(200);
        var user = (await UsersAsync()).Single(each => ExternalIdOf(each) == $"{TestTokens.Issuer}|leaver");

        (await _gateway.Admin.PatchAsync($"/api/v1/admin/users/{user.GetProperty("id").GetGuid()}", new { disabled = true })).Expect(200);

        (await caller.GetAsync(Quota)).Expect(401, "unauthenticated");
    }

    private GatewayClient As(string token) => _gateway.Admin.As(token);

    private async Task<JsonElement[]> UsersAsync() =>
        [.. (await _gateway.Admin.GetAsync("/api/v1/admin/users?limit=200")).Expect(200).Json.GetProperty("items").EnumerateArray()];

    private static string? ExternalIdOf(JsonElement user) => user.GetProperty("externalId").GetString();
}
