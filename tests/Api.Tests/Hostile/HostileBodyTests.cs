using System.Text;
using AiGateway.Api.Tests.Hosting;

namespace AiGateway.Api.Tests.Hostile;

/// <summary>Whatever a caller sends to an endpoint that takes a body, the reply is a clear refusal, and the gateway does not fail.</summary>
internal sealed class HostileBodyTests
{
    private static readonly string[] WrongValues =
    [
        "123", "-1", "0.5", "1e400", "-1e400", "99999999999999999999", "\"text\"", "\"\"", "\" \"", "\"a\\u0000b\"", "\"\\ud800\"", "\"\\udc00\\ud800\"",
        "false", "[]", "{}", "[1]", "[null]", "[[]]", "[{}]", "[\"\\ud800\"]", "[\"\\u0000\"]", "{\"a\":{\"b\":[null]}}", "[{\"role\":1,\"content\":{}}]",
        "[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"\\ud800\"}]}]", "[{\"role\":\"user\",\"content\":\"\\ud800\"}]",
        "[{\"role\":\"user\",\"content\":[null,1,\"a\",{\"type\":null},{\"type\":\"image_url\",\"image_url\":7}]}]",
        "{\"temperature\":1e400,\"maxTokens\":99999999999999999999,\"seed\":1.5,\"stop\":{},\"responseFormat\":[]}",
        "{\"temperature\":\"1\",\"maxTokens\":-1,\"stop\":[null,\"\\u0000\"],\"responseFormat\":\"\\ud800\"}",
    ];

    private GatewayHost _gateway = null!;
    private IReadOnlyList<BodyEndpoint> _endpoints = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _gateway = await GatewayHost.StartAsync();
        await _gateway.Admin.SetQuotaAsync(GatewayHost.AdminId);
        _endpoints = await BodyEndpoints.OfAsync(_gateway, (await _gateway.CreateUserAsync()).Id);
        Assert.That(_endpoints, Has.Count.AtLeast(9));
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _gateway.DisposeAsync();

    [TestCaseSource(typeof(HostileBody), nameof(HostileBody.All))]
    public async Task Body_WhenInvalid_IsRefusedByEveryEndpoint(HostileBody body)
    {
        _gateway.Provider.Reset(Answers.Completion());
        foreach (var endpoint in _endpoints)
        {
            var request = _gateway.Admin.Request(endpoint.Method, endpoint.Path);
            request.Content = body.ToContent();

            // The client waits for the refusal before it sends a body that the gateway does not read to its end.
            request.Headers.ExpectContinue = body.Status == 413;

            var reply = await _gateway.Admin.SendAsync(request);

            Assert.That(reply.Status, Is.EqualTo(body.Status), $"{endpoint.Path}: {reply.Text}");
            AssertSaysWhy(reply, endpoint);
        }

        Assert.That(_gateway.Provider.Seen, Is.Empty);
    }

    [TestCaseSource(nameof(WrongValues))]
    public async Task Member_WhenItsValueIsOfAnotherKind_NeverMakesTheGatewayFail(string value)
    {
        var refusals = 0;
        foreach (var endpoint in _endpoints)
        {
            foreach (var member in endpoint.Members)
            {
                var body = endpoint.With(member, value);

                var reply = await _gateway.Admin.SendAsync(endpoint.Method, endpoint.Path, body);

                Assert.That(reply.Status, Is.LessThan(500), $"{endpoint.Path} {body}: {reply.Text}");
                if (reply.Status < 400) continue;
                refusals++;
                AssertSaysWhy(reply, endpoint);
            }
        }

        Assert.That(refusals, Is.GreaterThan(10));
        await _gateway.Admin.VerifyAsync();
    }

    [Test]
    public async Task Headers_WhenOver100KB_AreRefusedAndTheGatewayStillServes()
    {
        var request = _gateway.Admin.Request(HttpMethod.Get, "/v1/models");
        request.Headers.Add("X-Long", new string('a', 100_000));

        (await _gateway.Admin.SendAsync(request)).Expect(431);

        (await _gateway.Admin.GetAsync("/v1/models")).Expect(200);
    }

    [Test]
    public async Task Credentials_WhenVeryLong_AreRefused()
    {
        foreach (var credentials in (string[])[new string('k', 20_000), "agw_" + new string('ä', 600), "eyJ" + new string('.', 9_000), "eyJ.e.e"])
        {
            var request = _gateway.Anonymous.Request(HttpMethod.Get, "/api/v1/ai/quota");
            request.Headers.TryAddWithoutValidation("X-Api-Key", Encoding.ASCII.GetString(Encoding.ASCII.GetBytes(credentials)));

            (await _gateway.Anonymous.SendAsync(request)).Expect(401, "unauthenticated");
        }
    }

    private static void AssertSaysWhy(Reply reply, BodyEndpoint endpoint)
    {
        if (endpoint.Path.StartsWith("/v1/", StringComparison.Ordinal))
        {
            var error = reply.Json.GetProperty("error");
            Assert.That(error.GetProperty("type").GetString(), Is.Not.Empty, endpoint.Path);
            Assert.That(error.GetProperty("message").GetString(), Is.Not.Empty, endpoint.Path);
            Assert.That(error.TryGetProperty("code", out _), Is.Not.EqualTo(endpoint.Path.StartsWith("/v1/messages", StringComparison.Ordinal)), endpoint.Path);
        }
        else
        {
            Assert.That(reply.Code, Is.Not.Null.And.Not.Empty, endpoint.Path);
            Assert.That(reply.Json.GetProperty("detail").GetString(), Is.Not.Empty, endpoint.Path);
        }

        Assert.That(reply.Text, Does.Not.Contain("Exception").And.Not.Contain("System.").And.Not.Contain("AiGateway."), endpoint.Path);
    }
}
