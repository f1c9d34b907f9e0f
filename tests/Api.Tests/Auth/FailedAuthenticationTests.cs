using System.Globalization;
using AiGateway.Api.Tests.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace AiGateway.Api.Tests.Auth;

/// <summary>Failed authentications are limited by address. Callers with a valid key are not limited.</summary>
internal sealed class FailedAuthenticationTests
{
    private const int Burst = 100;
    private const string Quota = "/api/v1/ai/quota";
    private FakeTimeProvider _clock = null!;

    [SetUp]
    public void SetClock() => _clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 15, 12, 0, 0, TimeSpan.Zero));

    [Test]
    public async Task WrongKeys_WhenTooManyComeFromAnAddress_AreRefusedWithoutALookUpUntilTimeHasPassed()
    {
        await using var gateway = await GatewayHost.StartAsync(_clock);
        for (var i = 0; i < Burst; i++) (await GuessAsync(gateway, i)).Expect(401, "unauthenticated");

        var refused = (await GuessAsync(gateway, Burst)).Expect(429, "rate_limited");

        Assert.That(int.Parse(refused.Header("Retry-After")!, CultureInfo.InvariantCulture), Is.InRange(1, 60));
        (await GuessAsync(gateway, 0)).Expect(429, "rate_limited");
        _clock.Advance(TimeSpan.FromSeconds(1));
        (await GuessAsync(gateway, Burst + 1)).Expect(401, "unauthenticated");
        (await GuessAsync(gateway, Burst + 2)).Expect(429, "rate_limited");
    }

    [Test]
    public async Task OneWrongKey_WhenSentRepeatedly_IsCountedEachTime()
    {
        await using var gateway = await GatewayHost.StartAsync(_clock);
        for (var i = 0; i < Burst; i++) (await GuessAsync(gateway, 1)).Expect(401, "unauthenticated");

        (await GuessAsync(gateway, 1)).Expect(429, "rate_limited");
    }

    [Test]
    public async Task Key_WhenValidInTheLastFiveMinutes_IsNeverRefusedForGuessesFromItsAddress()
    {
        await using var gateway = await GatewayHost.StartAsync(_clock);
        var user = await gateway.CreateUserAsync();
        (await user.Caller.GetAsync(Quota)).Expect(200);
        _clock.Advance(TimeSpan.FromMinutes(4));
        for (var i = 0; i <= Burst; i++) await GuessAsync(gateway, i);
        (await GuessAsync(gateway, -1)).Expect(429, "rate_limited");

        (await user.Caller.GetAsync(Quota)).Expect(200);
        (await gateway.Anonymous.GetAsync("/health/live")).Expect(200);
    }

    [Test]
    public async Task Keys_WhenValid_AreNotCounted()
    {
        await using var gateway = await GatewayHost.StartAsync(_clock);
        for (var i = 0; i < Burst + 10; i++)
        {
            var key = await gateway.Admin.CreateKeyAsync(GatewayHost.AdminId);
            (await key.GetAsync("/v1/models")).Expect(200);
        }
    }

    [Test]
    public async Task Key_WhenRevoked_IsLimitedLikeAWrongKey()
    {
        await using var gateway = await GatewayHost.StartAsync(_clock);
        var user = await gateway.CreateUserAsync();
        (await user.Caller.GetAsync(Quota)).Expect(200);
        (await gateway.Admin.PatchAsync($"/api/v1/admin/users/{user.Id}", new { disabled = true })).Expect(200);

        for (var i = 0; i < Burst; i++) (await user.Caller.GetAsync(Quota)).Expect(401);

        (await user.Caller.GetAsync(Quota)).Expect(429, "rate_limited");
    }

    [Test]
    public async Task WrongTokens_WhenTooManyComeFromAnAddress_AreRefusedAndValidOnesAreNot()
    {
        await using var gateway = await GatewayHost.StartAsync(_clock, TestTokens.Settings);
        var wrong = gateway.Admin.As(TestTokens.Create(signingKey: TestTokens.SigningKey + "x"));
        for (var i = 0; i < Burst; i++) (await wrong.GetAsync(Quota)).Expect(401, "unauthenticated");

        (await wrong.GetAsync(Quota)).Expect(429, "rate_limited");

        (await gateway.Admin.As(TestTokens.Create()).GetAsync(Quota)).Expect(200);
    }

    [Test]
    public async Task Proxy_WhenTrusted_NamesTheAddressThatIsCounted()
    {
        await using var gateway = await GatewayHost.StartAsync(_clock, ("AI_GATEWAY_TRUSTED_PROXIES", "127.0.0.0/8, ::1"));
        for (var i = 0; i < Burst; i++) (await GuessAsync(gateway, i, "203.0.113.7")).Expect(401);

        (await GuessAsync(gateway, Burst, "203.0.113.7")).Expect(429);
        (await GuessAsync(gateway, Burst, "203.0.113.8")).Expect(401);
        (await GuessAsync(gateway, Burst, "198.51.100.1, 203.0.113.7")).Expect(429);
        Assert.That(LinesOf(gateway).First().Message, Does.Contain("203.0.113.7"));
    }

    [Test]
    public async Task ForwardedHeader_WhenNoProxyIsTrusted_IsIgnored()
    {
        await using var gateway = await GatewayHost.StartAsync(_clock);
        for (var i = 0; i < Burst; i++) (await GuessAsync(gateway, i, $"203.0.113.{i}")).Expect(401);

        (await GuessAsync(gateway, Burst, "203.0.113.200")).Expect(429);
        Assert.That(LinesOf(gateway).First().Message, Does.Contain("127.0.0.1"));
    }

    [Test]
    public async Task Address_OfVersion6_CountsAsItsNetworkOf64Bits()
    {
        await using var gateway = await GatewayHost.StartAsync(_clock, ("AI_GATEWAY_TRUSTED_PROXIES", "127.0.0.1"));
        for (var i = 0; i < Burst; i++) (await GuessAsync(gateway, i, $"2001:db8::{i:x}")).Expect(401);

        (await GuessAsync(gateway, Burst, "2001:db8::ffff:1")).Expect(429);
        (await GuessAsync(gateway, Burst, "2001:db8:0:1::1")).Expect(401);
    }

    [Test]
    public async Task Log_WhenManyAttemptsFail_HasOneLineWithTheAddressAndNoKey()
    {
        await using var gateway = await GatewayHost.StartAsync(_clock);
        for (var i = 0; i < 50; i++) await GuessAsync(gateway, i);

        var line = LinesOf(gateway).Single();
        Assert.That(line.Level, Is.EqualTo(LogLevel.Warning));
        Assert.That(line.Message, Does.Contain("127.0.0.1"));
        Assert.That(gateway.Logs.Lines.Where(each => each.Category.Contains("Authentication", StringComparison.Ordinal)).Except([line]), Is.Empty);
        Assert.That(gateway.Logs.Lines.Select(each => each.Everything), Has.None.Contains("a-guess"));

        _clock.Advance(TimeSpan.FromSeconds(10));
        await GuessAsync(gateway, 51);

        Assert.That(LinesOf(gateway).Last().Message, Does.Contain("50 "), "the next line counts the attempts that were not logged");
    }

    private static IEnumerable<LogLine> LinesOf(GatewayHost gateway) =>
        gateway.Logs.Lines.Where(line => line.Message.StartsWith("Authentication failed", StringComparison.Ordinal));

    private static Task<Reply> GuessAsync(GatewayHost gateway, int number, string? forwardedFor = null)
    {
        var guesser = gateway.Admin.As($"a-guess-{number}");
        var request = guesser.Request(HttpMethod.Get, Quota);
        if (forwardedFor is not null) request.Headers.Add("X-Forwarded-For", forwardedFor);
        return guesser.SendAsync(request);
    }
}
