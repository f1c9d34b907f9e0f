using AiGateway.Api.Tests.Hosting;

namespace AiGateway.Api.Tests.Hostile;

/// <summary>Malformed values in paths and queries.</summary>
internal sealed class HostileAddressTests
{
    private GatewayHost _gateway = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _gateway = await GatewayHost.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await _gateway.DisposeAsync();

    [TestCase("limit=-1", "limit")]
    [TestCase("limit=0", "limit")]
    [TestCase("limit=201", "limit")]
    [TestCase("limit=abc", "limit")]
    [TestCase("limit=1.5", "limit")]
    [TestCase("limit=99999999999999999999", "limit")]
    [TestCase("from=abc", "from")]
    [TestCase("from=2026-13-45", "from")]
    [TestCase("from=99999-01-01", "from")]
    [TestCase("from=2026-11-02T00:00:00Z&to=2026-11-01T00:00:00Z", "to")]
    [TestCase("from=2026-11-02T00:00:00Z&to=2026-11-02T00:00:00Z", "to")]
    [TestCase("next=garbage", "next")]
    [TestCase("next=%00", "next")]
    [TestCase("next=1-", "next")]
    [TestCase("next=99999999999999999999-019ab0f05c1e7c2a9d7e2f1d3c4b5a69", "next")]
    [TestCase("next=-1-019ab0f05c1e7c2a9d7e2f1d3c4b5a69", "next")]
    [TestCase("model=%00", "model")]
    [TestCase("model=%ED%A0%80%00", "model")]
    public async Task Usage_WhenAQueryValueIsGarbage_NamesIt(string query, string field)
    {
        var reply = (await _gateway.Admin.GetAsync($"/api/v1/ai/usage?{query}")).Expect(400, "invalid_request");

        Assert.That(reply.Json.GetProperty("errors")[0].GetProperty("field").GetString(), Is.EqualTo(field));
    }

    [TestCase("/api/v1/admin/users?limit=-1")]
    [TestCase("/api/v1/admin/users?limit=201")]
    [TestCase("/api/v1/admin/users?next=garbage")]
    [TestCase("/api/v1/admin/keys?userId=garbage")]
    [TestCase("/api/v1/admin/keys?next=garbage")]
    [TestCase("/api/v1/admin/keys?limit=0")]
    [TestCase("/api/v1/admin/usage?groupBy=garbage")]
    [TestCase("/api/v1/admin/usage?groupBy=99")]
    [TestCase("/api/v1/admin/usage?from=garbage")]
    [TestCase("/api/v1/admin/usage?from=2026-11-02T00:00:00Z&to=2026-11-01T00:00:00Z")]
    public async Task Administration_WhenAQueryValueIsGarbage_Is400(string path) =>
        (await _gateway.Admin.GetAsync(path)).Expect(400, "invalid_request");

    // Unusual but valid values: the limits of time, unknown names, and values that match nothing.
    [TestCase("/api/v1/ai/usage?from=0001-01-01T00:00:00Z&to=9999-12-31T23:59:59Z")]
    [TestCase("/api/v1/ai/usage?from=0001-01-01T00:00:00%2B14:00")]
    [TestCase("/api/v1/ai/usage?to=9999-12-31T23:59:59-14:00")]
    [TestCase("/api/v1/ai/usage?model='%20OR%201=1--")]
    [TestCase("/api/v1/ai/usage?limit=&from=&to=")]
    [TestCase("/api/v1/ai/usage?limit=1&limit=2")]
    [TestCase("/api/v1/ai/usage?next=0-00000000000000000000000000000000")]
    [TestCase("/api/v1/ai/usage?unknown=1")]
    [TestCase("/api/v1/admin/usage?from=0001-01-01T00:00:00%2B14:00&groupBy=day")]
    [TestCase("/api/v1/admin/usage?to=9999-12-31T23:59:59-14:00&groupBy=key")]
    [TestCase("/api/v1/admin/users?next=ffffffff-ffff-ffff-ffff-ffffffffffff")]
    [TestCase("/api/v1/admin/users/%00")]
    [TestCase("/api/v1/admin/users/..%2f..%2fetc%2fpasswd")]
    [TestCase("/v1/models/%00")]
    [TestCase("/v1/models/%ED%A0%80")]
    [TestCase("/v1/models/a%2Fb")]
    [TestCase("/v1/models/%F0%9F%92%A9")]
    [TestCase("/api/v1/ai/usage?model=%20")]
    [TestCase("/%00")]
    [TestCase("/swagger/%00")]
    [TestCase("/openapi/garbage.json")]
    public async Task Address_WhenOdd_NeverMakesTheGatewayFail(string path)
    {
        var reply = await _gateway.Admin.GetAsync(path);

        Assert.That(reply.Status, Is.LessThan(500), reply.Text);
        if (reply.Status >= 400 && reply.Headers.ContainsKey("x-request-id"))
            Assert.That(reply.Json.TryGetProperty("code", out _) || reply.Json.TryGetProperty("error", out _), Is.True, reply.Text);
    }
}
