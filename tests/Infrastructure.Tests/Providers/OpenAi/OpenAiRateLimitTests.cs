using AiGateway.Application.Providers;
using AiGateway.Infrastructure.Providers.OpenAi;

namespace AiGateway.Infrastructure.Tests.Providers.OpenAi;

[TestFixture]
internal sealed class OpenAiRateLimitTests
{
    private static readonly (string, string)[] Told =
    [
        ("x-ratelimit-limit-requests", "5000"),
        ("x-ratelimit-remaining-requests", "4999"),
        ("x-ratelimit-reset-requests", "12ms"),
        ("x-ratelimit-limit-tokens", "4000000"),
        ("x-ratelimit-remaining-tokens", "3999983"),
        ("x-ratelimit-reset-tokens", "6m0s"),
    ];

    [Test]
    public async Task RateLimit_WhenTold_IsKept()
    {
        var time = new WatchedTime();
        await using var wire = await OpenAiWire.StartAsync(new(), time, Answers.Json(Answers.Completion, 200, Told), Answers.Ok);
        Assert.That(wire.Adapter.GetRateLimit(), Is.Null);

        await wire.AskAsync();

        var expected = new RateLimitInfo(
            5_000, 4_999, TimeSpan.FromMilliseconds(12), 4_000_000, 3_999_983, TimeSpan.FromMinutes(6), time.GetUtcNow());
        Assert.That(wire.Adapter.GetRateLimit(), Is.EqualTo(expected));

        time.Advance(TimeSpan.FromSeconds(1));
        await wire.AskAsync();
        Assert.That(wire.Adapter.GetRateLimit(), Is.EqualTo(expected), "an answer that tells nothing changes nothing");
    }

    [Test]
    public async Task RateLimit_WhenToldWithAFailure_IsKept()
    {
        await using var wire = await OpenAiWire.StartAsync(Answers.Status(400, ("x-ratelimit-remaining-requests", "0")));

        await wire.FailAsync();

        Assert.That(wire.Adapter.GetRateLimit()!.RemainingRequests, Is.Zero);
        Assert.That(wire.Adapter.GetRateLimit()!.LimitTokens, Is.Null);
    }

    [Test]
    public async Task RateLimit_WhenNonsense_IsNotTold()
    {
        await using var wire = await OpenAiWire.StartAsync(Answers.Json(
            Answers.Completion, 200, ("x-ratelimit-limit-requests", "many"), ("x-ratelimit-remaining-tokens", "-1"), ("x-ratelimit-reset-tokens", "later")));

        await wire.AskAsync();

        Assert.That(wire.Adapter.GetRateLimit(), Is.Null);
    }

    [TestCase("6m0s", 360_000)]
    [TestCase("1s", 1_000)]
    [TestCase("20ms", 20)]
    [TestCase("1h2m", 3_720_000)]
    [TestCase("1d2h3m4s5ms", 93_784_005)]
    [TestCase("1m30.5s", 90_500)]
    [TestCase("0s", 0)]
    [TestCase("7", 7_000)]
    [TestCase("1500us", 1.5)]
    [TestCase("250000ns", 0.25)]
    public void Duration_WhenWellFormed_IsRead(string text, double milliseconds) =>
        Assert.That(OpenAiRateLimit.ParseDuration(text), Is.EqualTo(TimeSpan.FromMilliseconds(milliseconds)));

    [TestCase("")]
    [TestCase("s")]
    [TestCase("-1s")]
    [TestCase("1x")]
    [TestCase("1.2.3s")]
    [TestCase("1s later")]
    [TestCase("99999999999999999999999999d")]
    public void Duration_WhenMalformed_IsNone(string text) => Assert.That(OpenAiRateLimit.ParseDuration(text), Is.Null);
}
