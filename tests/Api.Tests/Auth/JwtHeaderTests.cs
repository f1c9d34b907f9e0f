using AiGateway.Api.Tests.Hosting;

namespace AiGateway.Api.Tests.Auth;

/// <summary>Tokens with a valid signature and valid claims that are made for another use, or that require unknown extensions.</summary>
internal sealed class JwtHeaderTests
{
    private const string Quota = "/api/v1/ai/quota";
    private GatewayHost _gateway = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _gateway = await GatewayHost.StartAsync(null, TestTokens.Settings);

    [OneTimeTearDown]
    public async Task StopAsync() => await _gateway.DisposeAsync();

    [TestCase("""{"alg":"HS256"}""")]
    [TestCase("""{"alg":"HS256","typ":"JWT"}""")]
    [TestCase("""{"alg":"HS256","typ":"jwt"}""")]
    [TestCase("""{"alg":"HS256","typ":"at+jwt"}""")]
    [TestCase("""{"alg":"HS256","typ":"application/AT+JWT"}""")]
    public async Task Token_OfAKindThatGrantsAccess_IsAccepted(string header) => (await AskAsync(TestTokens.WithHeader(header))).Expect(200);

    [TestCase("""{"alg":"HS256","typ":"logout+jwt"}""")]
    [TestCase("""{"alg":"HS256","typ":"dpop+jwt"}""")]
    [TestCase("""{"alg":"HS256","typ":"application/secevent+jwt"}""")]
    [TestCase("""{"alg":"HS256","typ":"JWT2"}""")]
    [TestCase("""{"alg":"HS256","typ":" JWT"}""")]
    public async Task Token_OfAnotherKind_Is401(string header) => (await AskAsync(TestTokens.WithHeader(header))).Expect(401, "unauthenticated");

    [TestCase("""{"alg":"HS256","typ":"JWT","crit":["exp2"],"exp2":1}""")]
    [TestCase("""{"alg":"HS256","typ":"JWT","crit":["b64"],"b64":true}""")]
    [TestCase("""{"alg":"HS256","typ":"JWT","crit":[]}""")]
    [TestCase("""{"alg":"HS256","typ":"JWT","crit":null}""")]
    [TestCase("""{"alg":"HS256","typ":"JWT","crit":"exp"}""")]
    public async Task Token_ThatNamesACriticalHeader_Is401(string header) => (await AskAsync(TestTokens.WithHeader(header))).Expect(401, "unauthenticated");

    [TestCase("/")]
    [TestCase("//")]
    public async Task Token_WhoseAudienceHasATrailingSlash_Is401(string end) =>
        (await AskAsync(TestTokens.Create(audience: TestTokens.Audience + end))).Expect(401, "unauthenticated");

    [Test]
    public async Task Token_WhoseAudienceLacksTheTrailingSlash_Is401()
    {
        await using var gateway = await GatewayHost.StartAsync(
            null, ("Jwt:Issuer", TestTokens.Issuer), ("Jwt:Audience", "https://gateway.example.com/"), ("Jwt:SigningKey", TestTokens.SigningKey));

        (await gateway.Admin.As(TestTokens.Create(audience: "https://gateway.example.com")).GetAsync(Quota)).Expect(401, "unauthenticated");
        (await gateway.Admin.As(TestTokens.Create(audience: "https://gateway.example.com/")).GetAsync(Quota)).Expect(200);
    }

    private Task<Reply> AskAsync(string token) => _gateway.Admin.As(token).GetAsync(Quota);
}
