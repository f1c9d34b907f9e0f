using System.Globalization;
using AiGateway.Api.Tests.Hosting;

namespace AiGateway.Api.Tests.Auth;

internal sealed class RateLimitTests
{
    // One request is given back every 7.5 seconds. That is too slow to happen between two requests of a test.
    private const int PerMinute = 8;
    private GatewayHost _gateway = null!;

    [SetUp]
    public async Task StartAsync() =>
        _gateway = await GatewayHost.StartAsync(null, ("AI_GATEWAY_RATE_LIMIT_PER_MINUTE", PerMinute.ToString(CultureInfo.InvariantCulture)));

    [TearDown]
    public async Task StopAsync() => await _gateway.DisposeAsync();

    [Test]
    public async Task User_WhenAllRequestsOfAMinuteAreSpent_IsRefusedWithEveryKeyAndOtherUsersAreNot()
    {
        var user = await _gateway.CreateUserAsync();
        var otherKey = await _gateway.Admin.CreateKeyAsync(user.Id);
        var neighbour = await _gateway.CreateUserAsync();

        for (var i = 0; i < PerMinute; i++)
        {
            var accepted = (await user.Caller.GetAsync("/v1/models")).Expect(200);
            Assert.That(accepted.Header("x-ratelimit-limit-requests"), Is.EqualTo("8"));
            Assert.That(accepted.Header("x-ratelimit-remaining-requests"), Is.EqualTo($"{PerMinute - 1 - i}"));
        }

        var refused = (await otherKey.GenerateAsync()).Expect(429, "rate_limited");
        Assert.That(int.Parse(refused.Header("Retry-After")!, CultureInfo.InvariantCulture), Is.InRange(1, 60));
        Assert.That(refused.Header("x-ratelimit-remaining-requests"), Is.EqualTo("0"));
        Assert.That(refused.Header("x-ratelimit-limit-requests"), Is.EqualTo("8"));
        Assert.That(refused.Header("x-ratelimit-reset-requests"), Is.EqualTo("60000ms"));
        Assert.That(_gateway.Provider.Seen, Is.Empty);
        (await user.Caller.GetAsync("/v1/models")).Expect(429);
        (await neighbour.Caller.GenerateAsync()).Expect(200);
        (await _gateway.Anonymous.GetAsync("/health/live")).Expect(200);
    }

    [Test]
    public async Task Limit_WhenUnlimited_RefusesNothingAndIsNotTold()
    {
        await using var gateway = await GatewayHost.StartAsync(null, ("AI_GATEWAY_RATE_LIMIT_PER_MINUTE", "unlimited"));

        for (var i = 0; i < 2 * PerMinute; i++)
            Assert.That((await gateway.Admin.GetAsync("/v1/models")).Expect(200).Headers.Keys.Where(name => name.StartsWith("x-ratelimit-", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public async Task Refusal_WhenAtTheOpenAiApi_IsInOpenAisForm()
    {
        for (var i = 0; i < PerMinute; i++) (await _gateway.Admin.GetAsync("/v1/models")).Expect(200);

        var refused = (await _gateway.Admin.GetAsync("/v1/models")).Expect(429);

        Assert.That(refused.Json.GetProperty("error").GetProperty("code").GetString(), Is.EqualTo("rate_limit_exceeded"));
        Assert.That(refused.Json.GetProperty("error").GetProperty("type").GetString(), Is.EqualTo("requests"));
        Assert.That(refused.Header("Retry-After"), Is.Not.Null);
        Assert.That(int.Parse(refused.Header("retry-after-ms")!, CultureInfo.InvariantCulture), Is.InRange(1, 60_000));
    }
}
