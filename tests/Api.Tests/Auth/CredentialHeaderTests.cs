using AiGateway.Api.Tests.Hosting;

namespace AiGateway.Api.Tests.Auth;

/// <summary>Clients send the key in one of three headers. Some send it in two.</summary>
internal sealed class CredentialHeaderTests
{
    private const string Quota = "/api/v1/ai/quota";
    private GatewayHost _gateway = null!;
    private TestUser _user = null!;
    private TestUser _other = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _gateway = await GatewayHost.StartAsync(null, TestTokens.Settings);
        _user = await _gateway.CreateUserAsync();
        _other = await _gateway.CreateUserAsync();
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _gateway.DisposeAsync();

    [TestCase("Authorization")]
    [TestCase("X-Api-Key")]
    [TestCase("api-key")]
    [TestCase("Authorization", "api-key")]
    [TestCase("X-Api-Key", "api-key")]
    [TestCase("Authorization", "X-Api-Key", "api-key")]
    public async Task Credentials_WhenEqual_AreAccepted(params string[] headers)
    {
        (await SendAsync([.. headers.Select(header => (header, _user.Caller.Credentials!))])).Expect(200);
        (await SendAsync([.. headers.Select(header => (header, TestTokens.Create()))])).Expect(200);
    }

    [TestCase("Authorization", "api-key")]
    [TestCase("Authorization", "X-Api-Key")]
    [TestCase("X-Api-Key", "api-key")]
    public async Task Credentials_WhenTheyDiffer_AreRefusedAndTheReplySaysWhy(string one, string another)
    {
        foreach (var credentials in (string[])[_other.Caller.Credentials!, TestTokens.Create(), "agw_wrong"])
        {
            var reply = (await SendAsync((one, _user.Caller.Credentials!), (another, credentials))).Expect(401, "unauthenticated");

            Assert.That(reply.Text, Does.Contain("different credentials"));
        }
    }

    [Test]
    public async Task Credentials_WhenTheyDifferAtAnAnonymousEndpoint_AreIgnored() => (await _gateway.Anonymous.SendAsync(
        Add(_gateway.Anonymous.Request(HttpMethod.Get, "/health/live"), ("api-key", "a"), ("X-Api-Key", "b")))).Expect(200);

    [Test]
    public async Task Credentials_BesideAHeaderOfAnotherScheme_AreAccepted() =>
        (await _gateway.Anonymous.SendAsync(Add(
            _gateway.Anonymous.Request(HttpMethod.Get, Quota), ("Authorization", "Basic QTpC"), ("api-key", _user.Caller.Credentials!)))).Expect(200);

    private Task<Reply> SendAsync(params (string Name, string Value)[] credentials) => _gateway.Anonymous.SendAsync(Add(
        _gateway.Anonymous.Request(HttpMethod.Get, Quota),
        [.. credentials.Select(each => each.Name == "Authorization" ? (each.Name, $"Bearer {each.Value}") : each)]));

    private static HttpRequestMessage Add(HttpRequestMessage request, params (string Name, string Value)[] headers)
    {
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }
}
