using AiGateway.Domain;
using AiGateway.Infrastructure.Providers;

namespace AiGateway.Infrastructure.Tests.Providers.OpenAi;

[TestFixture]
internal sealed class CircuitBreakerTests
{
    private const int CallsToOpen = 10;
    private readonly ProviderSettings _settings = new() { MaxRetries = 0 };
    private readonly WatchedTime _time = new();

    [Test]
    public async Task Breaker_WhenTheProviderKeepsFailing_SparesItAndTriesAgainAfterAPause()
    {
        var answers = Enumerable.Repeat(Answers.Status(500), CallsToOpen).Append(Answers.Ok).ToArray();
        await using var wire = await OpenAiWire.StartAsync(_settings, _time, answers);
        await FailAsync(wire, CallsToOpen);

        var broken = await wire.FailAsync();

        Assert.Multiple(() =>
        {
            Assert.That(broken.Code, Is.EqualTo(ErrorCode.ProviderFailed));
            Assert.That(broken.Message, Is.EqualTo("The provider openai failed too often and is left alone for a moment."));
            Assert.That(broken.RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(5)));
            Assert.That(wire.Provider.Seen, Has.Count.EqualTo(CallsToOpen));
            Assert.That(wire.Log.Lines[^1], Does.EndWith("ended with provider_failed, status (null), after 0 attempts"));
        });

        _time.Advance(TimeSpan.FromSeconds(5));
        await wire.AskAsync();
        await wire.AskAsync();
        Assert.That(wire.Provider.Seen, Has.Count.EqualTo(CallsToOpen + 2));
    }

    [Test]
    public async Task Breaker_WhenTheProviderStillFailsAfterThePause_SparesItAgain()
    {
        await using var wire = await OpenAiWire.StartAsync(_settings, _time, Answers.Status(500));
        await FailAsync(wire, CallsToOpen);
        _time.Advance(TimeSpan.FromSeconds(5));

        await FailAsync(wire, 3);

        Assert.That(wire.Provider.Seen, Has.Count.EqualTo(CallsToOpen + 1));
    }

    [Test]
    public async Task Breaker_WhenFailuresAreTooFew_StaysClosed()
    {
        await using var wire = await OpenAiWire.StartAsync(_settings, _time, Answers.Status(500));
        await FailAsync(wire, CallsToOpen - 1);
        _time.Advance(TimeSpan.FromSeconds(31));

        await FailAsync(wire, CallsToOpen - 1);

        Assert.That(wire.Provider.Seen, Has.Count.EqualTo(2 * (CallsToOpen - 1)));
    }

    [Test]
    public async Task Breaker_WhenFewerThanHalfFail_StaysClosed()
    {
        var answers = Enumerable.Range(0, 40).Select(i => i % 5 < 2 ? Answers.Status(500) : Answers.Ok).Reverse().ToArray();
        await using var wire = await OpenAiWire.StartAsync(_settings, _time, answers);

        for (var i = 0; i < answers.Length; i++) await TryAsync(wire);

        Assert.That(wire.Provider.Seen, Has.Count.EqualTo(answers.Length));
    }

    [TestCase(400)]
    [TestCase(401)]
    [TestCase(404)]
    [TestCase(408)]
    [TestCase(429)]
    public async Task Breaker_WhenRequestsAreRefused_StaysClosed(int status)
    {
        await using var wire = await OpenAiWire.StartAsync(_settings, _time, Answers.Status(status));

        await FailAsync(wire, 2 * CallsToOpen);

        Assert.That(wire.Provider.Seen, Has.Count.EqualTo(2 * CallsToOpen));
    }

    [Test]
    public async Task Breaker_WhenCallersLeave_StaysClosed()
    {
        await using var wire = await OpenAiWire.StartAsync(_settings, _time, Answers.Hang);
        for (var i = 0; i < 2 * CallsToOpen; i++)
        {
            using var caller = new CancellationTokenSource();
            var asking = wire.Adapter.GenerateAsync(TestCall.Of(), caller.Token);
            await wire.Provider.ArrivalAsync();
            await caller.CancelAsync();
            Assert.That(async () => await asking, Throws.InstanceOf<OperationCanceledException>());
        }

        Assert.That(wire.Provider.Seen, Has.Count.EqualTo(2 * CallsToOpen));
    }

    [TestCase(60)]
    [TestCase(10)]
    public async Task Breaker_WhenTheProviderHangs_Opens(int attemptSeconds)
    {
        var settings = _settings with { Timeout = TimeSpan.FromSeconds(60), AttemptTimeout = TimeSpan.FromSeconds(attemptSeconds) };
        await using var wire = await OpenAiWire.StartAsync(settings, _time, Answers.Hang);
        var hanging = Enumerable.Range(0, CallsToOpen).Select(_ => wire.FailAsync()).ToArray();
        for (var i = 0; i < CallsToOpen; i++) await wire.Provider.ArrivalAsync();
        _time.Advance(TimeSpan.FromSeconds(attemptSeconds));
        await Task.WhenAll(hanging);

        var broken = await wire.FailAsync();

        Assert.That(broken.Message, Does.Contain("failed too often"));
        Assert.That(wire.Provider.Seen, Has.Count.EqualTo(CallsToOpen));
    }

    private static async Task FailAsync(OpenAiWire wire, int times)
    {
        for (var i = 0; i < times; i++) await wire.FailAsync();
    }

    private static async Task TryAsync(OpenAiWire wire)
    {
        try
        {
            await wire.AskAsync();
        }
        catch (ProviderException)
        {
            // Half of the point of the test.
        }
    }
}
