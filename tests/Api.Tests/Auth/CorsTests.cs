using System.Text;
using AiGateway.Api.Tests.Hosting;

namespace AiGateway.Api.Tests.Auth;

internal sealed class CorsTests
{
    private const string Allowed = "https://app.example.com";
    private GatewayHost _gateway = null!;

    [OneTimeSetUp]
    public async Task StartAsync() =>
        _gateway = await GatewayHost.StartAsync(null, ("AI_GATEWAY_CORS_ORIGINS", $"{Allowed}, https://other.example.com"));

    [OneTimeTearDown]
    public async Task StopAsync() => await _gateway.DisposeAsync();

    [TestCase(Allowed, Allowed)]
    [TestCase("https://evil.example.com", null)]
    [TestCase("https://app.example.com.evil.example", null)]
    [TestCase("http://app.example.com", null)]
    [TestCase("null", null)]
    public async Task Preflight_FromAnOrigin_AllowsConfiguredOriginsAlone(string origin, string? allowed)
    {
        var request = _gateway.Anonymous.Request(HttpMethod.Options, "/api/v1/ai/generate");
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "authorization,content-type");

        var reply = await _gateway.Anonymous.SendAsync(request);

        Assert.That(reply.Header("Access-Control-Allow-Origin"), Is.EqualTo(allowed));
        Assert.That(reply.Header("Access-Control-Allow-Headers"), allowed is null ? Is.Null : Is.EqualTo("authorization,content-type"));
    }

    [TestCase("iso-8859-1")]
    [TestCase("utf-8")]
    public async Task Preflight_WithBytesBeyondAscii_DoesNotEchoThem(string encoding)
    {
        using var http = new HttpClient(new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => Encoding.GetEncoding(encoding) });
        using var request = _gateway.Anonymous.Request(HttpMethod.Options, "/api/v1/ai/generate");
        request.Headers.Add("Origin", Allowed);
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.TryAddWithoutValidation("Access-Control-Request-Headers", "x-caf\u00E9");

        using var reply = await http.SendAsync(request);

        Assert.That((int)reply.StatusCode, Is.LessThan(500));
    }

    [Test]
    public async Task Failure_WhenFromAnAllowedOrigin_CanBeReadByTheFrontEnd()
    {
        var request = _gateway.Anonymous.Request(HttpMethod.Get, "/api/v1/ai/quota");
        request.Headers.Add("Origin", Allowed);

        var reply = (await _gateway.Anonymous.SendAsync(request)).Expect(401);

        Assert.That(reply.Header("Access-Control-Allow-Origin"), Is.EqualTo(Allowed));
        Assert.That(reply.Header("Access-Control-Expose-Headers"), Does.Contain("x-request-id"));
    }
}
