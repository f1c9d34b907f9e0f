using AiGateway.Application.Providers;
using AiGateway.Domain;
using AiGateway.Infrastructure.Providers;

namespace AiGateway.Infrastructure.Tests.Providers;

[TestFixture]
internal sealed class ProviderResilienceTests
{
    private static readonly CallOrigin Origin = new(TestCall.UserId, "m", new ProviderSettings().Timeout);

    private static readonly ProviderFailure Passing = new(
        new ProviderException(ErrorCode.ProviderFailed, "p", "It failed."), MayRetry: true, CountsAsDown: true);

    [Test]
    public async Task Run_WhenTheTimeRunsOutBeforeARetry_FailsWithTheLastFailure()
    {
        var time = new WatchedTime();
        var settings = new ProviderSettings();
        var pipeline = new ProviderResilience("p", settings, time);

        // One millisecond is left, which is less than the delay before the retry.
        var running = pipeline.RunAsync(
            Origin,
            _ =>
            {
                time.Advance(settings.Timeout - TimeSpan.FromMilliseconds(1));
                return Task.FromResult<ProviderAttempt>(Passing);
            },
            CancellationToken.None);
        time.Advance(TimeSpan.FromMilliseconds(1));

        var outcome = await running;
        Assert.That(outcome.Failure, Is.SameAs(Passing.Exception));
        Assert.That(outcome.Attempts, Is.EqualTo(1));
    }

    [TestCase(0, 1)]
    [TestCase(1, 2)]
    [TestCase(10, 11)]
    public async Task Run_WhenItKeepsFailing_MakesAsManyAttemptsAsAllowed(int maxRetries, int attempts)
    {
        var failure = new ProviderFailure(Soon(), MayRetry: true, CountsAsDown: false);
        var pipeline = new ProviderResilience("p", new ProviderSettings { MaxRetries = maxRetries }, TimeProvider.System);

        var outcome = await pipeline.RunAsync(Origin, _ => Task.FromResult<ProviderAttempt>(failure), CancellationToken.None);

        Assert.That(outcome.Attempts, Is.EqualTo(attempts));
        Assert.That(outcome.Failure, Is.SameAs(failure.Exception));
    }

    [Test]
    public async Task Run_WhenAnswered_ReturnsTheReply()
    {
        var reply = new ModelReply { Model = "m" };
        var pipeline = new ProviderResilience("p", new ProviderSettings(), TimeProvider.System);

        var outcome = await pipeline.RunAsync(Origin, _ => Task.FromResult<ProviderAttempt>(reply), CancellationToken.None);

        Assert.That(outcome, Is.EqualTo(new ProviderOutcome(reply, null, 1)));
    }

    [Test]
    public async Task Run_WhenTheCodeThrows_PassesTheExceptionOn()
    {
        var pipeline = new ProviderResilience("p", new ProviderSettings(), TimeProvider.System);
        var attempts = 0;

        await Assert.ThrowsAsync<NotSupportedException>(() => pipeline.RunAsync(
            Origin,
            _ =>
            {
                attempts++;
                return Task.FromException<ProviderAttempt>(new NotSupportedException());
            },
            CancellationToken.None));

        Assert.That(attempts, Is.EqualTo(1));
    }

    [Test]
    public async Task Run_WhenTheCallerLeftBefore_MakesNoAttempt()
    {
        var pipeline = new ProviderResilience("p", new ProviderSettings(), TimeProvider.System);
        var attempts = 0;

        await Assert.CatchAsync<OperationCanceledException>(() => pipeline.RunAsync(
            Origin,
            _ =>
            {
                attempts++;
                return Task.FromResult<ProviderAttempt>(Passing);
            },
            new CancellationToken(canceled: true)));

        Assert.That(attempts, Is.Zero);
    }

    private static ProviderException Soon() => new(ErrorCode.ProviderRateLimited, "p", "Busy.") { RetryAfter = TimeSpan.FromMilliseconds(1) };
}
