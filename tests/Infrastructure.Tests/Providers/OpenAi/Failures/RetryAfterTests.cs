using AiGateway.Domain;
using AiGateway.Infrastructure.Providers;

namespace AiGateway.Infrastructure.Tests.Providers.OpenAi.Failures;

/// <summary>How long the gateway waits before a retry. The clock stands at 2026-11-22 10:00:00 UTC.</summary>
[TestFixture]
internal sealed class RetryAfterTests
{
    private static readonly TimeSpan LongestFirstRetryDelay = TimeSpan.FromSeconds(3);
    private readonly ProviderSettings _settings = new() { Timeout = TimeSpan.FromSeconds(30), AttemptTimeout = TimeSpan.FromSeconds(30) };

    [TestCase(429, "retry-after", "7", 7_000)]
    [TestCase(503, "retry-after", "7", 7_000)]
    [TestCase(408, "retry-after", "7", 7_000)]
    [TestCase(429, "retry-after", "1.5", 1_500)]
    [TestCase(429, "retry-after-ms", "7250", 7_250)]
    [TestCase(429, "retry-after", "Sun, 22 Nov 2026 10:00:09 GMT", 9_000)]
    public async Task Retry_WhenTheProviderNamesAWait_WaitsExactlyThat(int status, string header, string value, int milliseconds)
    {
        var time = new WatchedTime();
        await using var wire = await OpenAiWire.StartAsync(_settings, time, Answers.Status(status, (header, value)), Answers.Ok);
        var asking = wire.AskAsync();

        await time.PassAsync(TimeSpan.FromMilliseconds(milliseconds));

        Assert.That((await asking).Content, Is.EqualTo("Hello."));
        Assert.That(wire.Provider.Seen, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Retry_WithBothHeaders_UsesTheMorePreciseOne()
    {
        var time = new WatchedTime();
        await using var wire = await OpenAiWire.StartAsync(
            _settings, time, Answers.Status(429, ("retry-after", "20"), ("retry-after-ms", "19123")), Answers.Ok);
        var asking = wire.AskAsync();

        await time.PassAsync(TimeSpan.FromMilliseconds(19_123));

        Assert.That((await asking).Content, Is.EqualTo("Hello."));
    }

    [TestCase("soon")]
    [TestCase("-5")]
    [TestCase("NaN")]
    [TestCase("0")]
    [TestCase("")]
    [TestCase("Sun, 22 Nov 2026 09:59:00 GMT")]
    public async Task Retry_WithAnInvalidWait_WaitsForTheGatewaysOwnDelay(string value)
    {
        var time = new WatchedTime();
        await using var wire = await OpenAiWire.StartAsync(_settings, time, Answers.Status(429, ("retry-after", value)), Answers.Ok);
        var asking = wire.AskAsync();

        await time.PassAtMostAsync(LongestFirstRetryDelay);

        Assert.That((await asking).Content, Is.EqualTo("Hello."));
        Assert.That(wire.Provider.Seen, Has.Count.EqualTo(2));
    }

    [TestCase("30", 30)]
    [TestCase("3600", 3_600)]
    [TestCase("1e300", 31 * 24 * 3_600)]
    [TestCase("Infinity", 31 * 24 * 3_600)]
    public async Task Retry_WhenTheNamedWaitExceedsTheTimeLeft_IsLeftToTheCaller(string value, int seconds)
    {
        var time = new WatchedTime();
        await using var wire = await OpenAiWire.StartAsync(_settings, time, Answers.Status(429, ("retry-after", value)));

        var failure = await wire.FailAsync();

        Assert.Multiple(() =>
        {
            Assert.That(failure.Code, Is.EqualTo(ErrorCode.ProviderRateLimited));
            Assert.That(failure.RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(seconds)));
            Assert.That(wire.Provider.Seen, Has.Count.EqualTo(1));
        });
    }

    [Test]
    public async Task Retry_WhenAllAttemptsAreUsed_PassesOnTheLastNamedWait()
    {
        await using var wire = await OpenAiWire.StartAsync(
            _settings, TimeProvider.System, Answers.Status(429, ("retry-after-ms", "1")), Answers.Status(429, ("retry-after-ms", "2")), Answers.Status(429, ("retry-after", "25")));

        var failure = await wire.FailAsync();

        Assert.That(failure.RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(25)));
        Assert.That(wire.Provider.Seen, Has.Count.EqualTo(3));
    }
}
