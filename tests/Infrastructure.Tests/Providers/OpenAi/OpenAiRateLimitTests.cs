using AiGateway.Application.Providers;
using AiGateway.Infrastructure.Providers.Exchange;
using AiGateway.Testing;
using Microsoft.AspNetCore.Http;

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
    public async Task RateLimit_InAReply_IsKept()
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
        Assert.That(wire.Adapter.GetRateLimit(), Is.EqualTo(expected), "a reply without these headers changes nothing");
    }

    [Test]
    public async Task Capacity_WhenARequestIsCorrected_CountsBothRequests()
    {
        await using var wire = await OpenAiWire.StartAsync(new() { RequestsPerMinute = 2, MaxRetries = 0 }, new WatchedTime(), RefuseTheLimit, Answers.Ok);

        await wire.AskAsync();

        Assert.That(wire.Provider.Seen, Has.Count.EqualTo(2));
        Assert.That(wire.Adapter.CoolsUntil("gpt-test", TestCall.UserId), Is.Not.Null);
    }

    [Test]
    public async Task Capacity_AfterOneRequestOfTwo_IsThere()
    {
        await using var wire = await OpenAiWire.StartAsync(new() { RequestsPerMinute = 2, MaxRetries = 0 }, new WatchedTime(), Answers.Ok);

        await wire.AskAsync();

        Assert.That(wire.Adapter.CoolsUntil("gpt-test", TestCall.UserId), Is.Null);
    }

    [Test]
    public async Task RateLimit_InAFailure_IsKept()
    {
        await using var wire = await OpenAiWire.StartAsync(Answers.Status(400, ("x-ratelimit-remaining-requests", "0")));

        await wire.FailAsync();

        Assert.That(wire.Adapter.GetRateLimit()!.RemainingRequests, Is.Zero);
        Assert.That(wire.Adapter.GetRateLimit()!.LimitTokens, Is.Null);
    }

    // The clock stands at 2026-11-22 10:00:00 UTC.
    [TestCase("x-ratelimit-limit-req-minute=60;x-ratelimit-remaining-req-minute=59;x-ratelimit-limit-tokens-minute=500000;x-ratelimit-remaining-tokens-minute=499000", 60, 59, null, 500_000, 499_000, null)]
    [TestCase("anthropic-ratelimit-requests-limit=50;anthropic-ratelimit-requests-remaining=49;anthropic-ratelimit-requests-reset=2026-11-22T10:00:05Z;anthropic-ratelimit-tokens-limit=80000;anthropic-ratelimit-tokens-remaining=79000;anthropic-ratelimit-tokens-reset=2026-11-22T10:01:00Z", 50, 49, 5_000, 80_000, 79_000, 60_000)]
    [TestCase("x-ratelimit-limit-requests=14400;x-ratelimit-remaining-requests=14370;x-ratelimit-reset-requests=2m59.56s;x-ratelimit-limit-tokens=18000;x-ratelimit-remaining-tokens=17997;x-ratelimit-reset-tokens=7.66s", 14_400, 14_370, 179_560, 18_000, 17_997, 7_660)]
    [TestCase("x-ratelimit-limit=10;x-ratelimit-remaining=9;x-ratelimit-reset=3;x-tokenlimit-limit=1000;x-tokenlimit-remaining=900", 10, 9, 3_000, 1_000, 900, null)]
    [TestCase("x-ratelimit-limit=20;x-ratelimit-remaining=0;x-ratelimit-reset=1795341610000", 20, 0, 10_000, null, null, null)]
    public async Task RateLimit_OfOtherProviders_IsRead(
        string headers, long? requests, long? requestsLeft, double? requestsReset, long? tokens, long? tokensLeft, double? tokensReset)
    {
        var time = new WatchedTime();
        var told = headers.Split(';').Select(each => each.Split('=', 2)).Select(each => (each[0], each[1])).ToArray();
        await using var wire = await OpenAiWire.StartAsync(new(), time, Answers.Json(Answers.Completion, 200, told));

        await wire.AskAsync();

        TimeSpan? Span(double? milliseconds) => milliseconds is { } count ? TimeSpan.FromMilliseconds(count) : null;
        Assert.That(
            wire.Adapter.GetRateLimit(),
            Is.EqualTo(new RateLimitInfo(requests, requestsLeft, Span(requestsReset), tokens, tokensLeft, Span(tokensReset), time.GetUtcNow())));
    }

    [Test]
    public async Task RateLimit_WhenMalformed_IsNotReported()
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
        Assert.That(RateLimitHeaders.ParseDuration(text), Is.EqualTo(TimeSpan.FromMilliseconds(milliseconds)));

    [TestCase("")]
    [TestCase("s")]
    [TestCase("-1s")]
    [TestCase("1x")]
    [TestCase("1.2.3s")]
    [TestCase("1s later")]
    [TestCase("99999999999999999999999999d")]
    public void Duration_WhenMalformed_IsNone(string text) => Assert.That(RateLimitHeaders.ParseDuration(text), Is.Null);

    /// <summary>Refuses the name of the output limit in the request.</summary>
    private static Task RefuseTheLimit(SeenRequest request, HttpContext http)
    {
        var name = request.Body.Contains("max_completion_tokens", StringComparison.Ordinal) ? "max_completion_tokens" : "max_tokens";
        var error = $$$"""{"error":{"message":"Unsupported parameter: '{{{name}}}'.","type":"invalid_request_error","param":"{{{name}}}","code":"unsupported_parameter"}}""";
        return Answers.Json(error, 400)(request, http);
    }
}
