using AiGateway.Domain;
using AiGateway.Infrastructure.Providers;

namespace AiGateway.Infrastructure.Tests.Providers.OpenAi.Failures;

/// <summary>Providers that hang. The tests set the time and do not depend on the speed of the machine.</summary>
[TestFixture]
internal sealed class TimeoutTests
{
    private static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(13);
    private static readonly TimeSpan LongestFirstRetryDelay = TimeSpan.FromSeconds(3);
    private readonly ProviderSettings _settings = new() { Timeout = TimeSpan.FromSeconds(60), AttemptTimeout = AttemptTimeout, MaxRetries = 1 };

    [Test]
    public async Task Attempt_WhenItHangs_IsEndedAndRepeated()
    {
        var time = new WatchedTime();
        await using var wire = await OpenAiWire.StartAsync(_settings, time, Answers.Hang, Answers.Ok);
        var asking = wire.AskAsync();
        await wire.Provider.ArrivalsAsync();

        await time.PassAsync(AttemptTimeout);
        await time.PassAtMostAsync(LongestFirstRetryDelay);

        Assert.That((await asking).Content, Is.EqualTo("Hello."));
        await wire.Provider.HangUpAsync();
        Assert.That(wire.Provider.Seen, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Attempt_WhenEachHangs_EndsInATimeout()
    {
        var time = new WatchedTime();
        await using var wire = await OpenAiWire.StartAsync(_settings, time, Answers.Hang);
        var failing = wire.FailAsync();
        await wire.Provider.ArrivalsAsync();
        await time.PassAsync(AttemptTimeout);
        await time.PassAtMostAsync(LongestFirstRetryDelay);
        await wire.Provider.ArrivalsAsync();

        await time.PassAsync(AttemptTimeout);

        await AssertTimedOutAsync(wire, failing, "13000", attempts: 2);
    }

    [TestCase(60)]
    [TestCase(90)]
    public async Task Attempt_WithTheWholeTimeOfTheCall_IsMadeOnce(int attemptSeconds)
    {
        var time = new WatchedTime();
        var settings = _settings with { AttemptTimeout = TimeSpan.FromSeconds(attemptSeconds) };
        await using var wire = await OpenAiWire.StartAsync(settings, time, Answers.Hang);
        var failing = wire.FailAsync();
        await wire.Provider.ArrivalsAsync();

        await time.PassAsync(settings.Timeout);

        await AssertTimedOutAsync(wire, failing, "60000", attempts: 1);
    }

    [TestCase(null)]
    [TestCase(700)]
    public async Task Call_ToAReasoningModel_HasTheReasoningTimeout(int? attemptSeconds)
    {
        var time = new WatchedTime();
        var settings = new ProviderSettings { MaxRetries = 1, AttemptTimeout = attemptSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null };
        await using var wire = await OpenAiWire.StartAsync(settings, time, Answers.Hang);
        var failing = wire.FailAsync(TestCall.Of(reasoning: true));
        await wire.Provider.ArrivalsAsync();

        await time.PassAsync(settings.ReasoningTimeout);

        await AssertTimedOutAsync(wire, failing, "600000", attempts: 1);
    }

    [Test]
    public async Task Attempt_AtAReasoningModel_HasTheAttemptTimeoutWhereItIsShorter()
    {
        var time = new WatchedTime();
        var settings = new ProviderSettings { MaxRetries = 0, AttemptTimeout = TimeSpan.FromSeconds(200) };
        await using var wire = await OpenAiWire.StartAsync(settings, time, Answers.Hang);
        var failing = wire.FailAsync(TestCall.Of(reasoning: true));
        await wire.Provider.ArrivalsAsync();

        await time.PassAsync(TimeSpan.FromSeconds(200));

        await AssertTimedOutAsync(wire, failing, "200000", attempts: 1);
    }

    [TestCase(null)]
    [TestCase(200)]
    public async Task Call_ToAnotherModel_HasTheRequestTimeout(int? attemptSeconds)
    {
        var time = new WatchedTime();
        var settings = new ProviderSettings { MaxRetries = 0, AttemptTimeout = attemptSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null };
        await using var wire = await OpenAiWire.StartAsync(settings, time, Answers.Hang);
        var failing = wire.FailAsync();
        await wire.Provider.ArrivalsAsync();

        await time.PassAsync(settings.Timeout);

        await AssertTimedOutAsync(wire, failing, "30000", attempts: 1);
    }

    [Test]
    public async Task Reply_WhenItHangsAfterItsHeaders_TimesOut()
    {
        var time = new WatchedTime();
        await using var wire = await OpenAiWire.StartAsync(
            _settings with { MaxRetries = 0 }, time, Answers.HangAfter("""{"choices":["""));
        var failing = wire.FailAsync();
        await wire.Provider.ArrivalsAsync();

        await time.PassAsync(AttemptTimeout);

        await AssertTimedOutAsync(wire, failing, "13000", attempts: 1);
        await wire.Provider.HangUpAsync();
    }

    [Test]
    public async Task Error_WhenItsBodyHangs_TimesOut()
    {
        var time = new WatchedTime();
        await using var wire = await OpenAiWire.StartAsync(_settings with { MaxRetries = 0 }, time, (request, http) =>
        {
            http.Response.StatusCode = 400;
            return Answers.HangAfter("{")(request, http);
        });
        var failing = wire.FailAsync();
        await wire.Provider.ArrivalsAsync();

        await time.PassAsync(AttemptTimeout);

        await AssertTimedOutAsync(wire, failing, "13000", attempts: 1);
    }

    [Test]
    public async Task Timeout_WhenRealTimePasses_EndsTheCall()
    {
        var settings = new ProviderSettings { Timeout = TimeSpan.FromMilliseconds(300), AttemptTimeout = TimeSpan.FromMilliseconds(300) };
        await using var wire = await OpenAiWire.StartAsync(settings, TimeProvider.System, Answers.Hang);

        var failure = await wire.FailAsync();

        Assert.That(failure, Is.InstanceOf<ProviderTimeoutException>());
    }

    private static async Task AssertTimedOutAsync(OpenAiWire wire, Task<ProviderException> failing, string milliseconds, int attempts)
    {
        var failure = await failing;
        Assert.Multiple(() =>
        {
            Assert.That(failure, Is.InstanceOf<ProviderTimeoutException>());
            Assert.That(failure.Code, Is.EqualTo(ErrorCode.ProviderTimeout));
            Assert.That(failure.Message, Is.EqualTo($"The provider openai did not answer within {milliseconds} ms."));
            Assert.That(wire.Provider.Seen, Has.Count.EqualTo(attempts));
            Assert.That(
                wire.Log.Lines,
                Is.EqualTo(new[] { $"Warning Request {TestCall.RequestId}: provider openai ended with provider_timeout, status (null), after {attempts} attempts" }));
        });
    }
}
