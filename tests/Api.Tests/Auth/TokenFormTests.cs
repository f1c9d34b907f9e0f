using AiGateway.Api.Tests.Hosting;

namespace AiGateway.Api.Tests.Auth;

/// <summary>One identity provider may issue tokens in several forms, as Entra does. The gateway accepts all configured forms.</summary>
internal sealed class TokenFormTests
{
    private const string OtherIssuer = "https://sts.example.com/tenant/";
    private const string OtherAudience = "api://aigateway";
    private GatewayHost _gateway = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _gateway = await GatewayHost.StartAsync(
        null,
        [
            .. TestTokens.Settings, ("Jwt:Issuer", $"{TestTokens.Issuer}, {OtherIssuer}"), ("Jwt:Audience", $"{TestTokens.Audience},{OtherAudience}"),
            ("Jwt:ScopeClaim", "scope,scp,roles"),
        ]);

    [OneTimeTearDown]
    public async Task StopAsync() => await _gateway.DisposeAsync();

    [TestCase(TestTokens.Issuer, TestTokens.Audience, "scope", "ai:generate")]
    [TestCase(OtherIssuer, TestTokens.Audience, "scp", "openid ai:generate")]
    [TestCase(TestTokens.Issuer, OtherAudience, "roles", new[] { "reader", "ai:generate" })]
    [TestCase(OtherIssuer, OtherAudience, "roles", "ai:generate")]
    public async Task Token_InAFormThatTheSettingsName_IsAccepted(string issuer, string audience, string claim, object scopes) =>
        (await GenerateAsync(TestTokens.Create(issuer: issuer, audience: audience, scope: null, more: (claim, scopes)))).Expect(200);

    [TestCase("https://other.example.com/", TestTokens.Audience, "scope", "ai:generate", 401)]
    [TestCase(TestTokens.Issuer, "api://other", "scope", "ai:generate", 401)]
    [TestCase(TestTokens.Issuer, TestTokens.Audience, "groups", "ai:generate", 403)]
    [TestCase(TestTokens.Issuer, TestTokens.Audience, "roles", "reader", 403)]
    public async Task Token_InAnotherForm_IsRefused(string issuer, string audience, string claim, string scopes, int status) =>
        (await GenerateAsync(TestTokens.Create(issuer: issuer, audience: audience, scope: null, more: (claim, scopes)))).Expect(status);

    private Task<Reply> GenerateAsync(string token) => _gateway.Anonymous.As(token).GenerateAsync();
}
