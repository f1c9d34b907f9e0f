using AiGateway.Application.StoredResponses;
using AiGateway.Domain;
using AiGateway.Infrastructure.Providers;
using AiGateway.Infrastructure.Providers.Targets;
using AiGateway.Testing;

namespace AiGateway.Infrastructure.Tests.Providers.OpenAi.Failures;

/// <summary>When the circuit breaker of a failing provider opens, and for which users.</summary>
[TestFixture]
internal sealed class CircuitBreakerTests
{
    private const int CallsToOpen = CircuitBreaker.FailuresToOpen;
    private const int Ann = 1;
    private const int Bob = 2;
    private const string Open = "Provider openai is failing; its circuit breaker is open until 10:00:05Z. The request was not sent to it. Retry after that time.";
    private static readonly Answer[] Down = [.. Enumerable.Repeat(Answers.Status(500), CallsToOpen)];
    private readonly ProviderSettings _settings = new() { MaxRetries = 0 };
    private WatchedTime _time = null!;

    [SetUp]
    public void StartTime() => _time = new WatchedTime();

    [Test]
    public async Task Breaker_WhenTheProviderFailsForTheOnlyUser_OpensAndTriesAgainAfterAPause()
    {
        await using var wire = await StartAsync([.. Down, Answers.Ok]);
        await FailAsync(wire, Ann, CallsToOpen);

        var refused = await wire.FailAsync(TestCall.Of(Ann));

        Assert.Multiple(() =>
        {
            Assert.That(refused.Code, Is.EqualTo(ErrorCode.ProviderFailed));
            Assert.That(refused.Message, Is.EqualTo(Open));
            Assert.That(refused.RetryAfter, Is.EqualTo(CircuitBreaker.Pause));
            Assert.That(wire.Provider.Seen, Has.Count.EqualTo(CallsToOpen));
            Assert.That(wire.Log.Lines[^1], Does.EndWith("ended with provider_failed, status (null), after 0 attempts"));
        });

        _time.Advance(CircuitBreaker.Pause);
        await wire.AskAsync(TestCall.Of(Ann));
        await wire.AskAsync(TestCall.Of(Ann));
        Assert.That(wire.Provider.Seen, Has.Count.EqualTo(CallsToOpen + 2));
    }

    [Test]
    public async Task Breaker_WhenTheProviderStillFailsAfterThePause_OpensAgain()
    {
        await using var wire = await StartAsync(Down);
        await FailAsync(wire, Ann, CallsToOpen);
        _time.Advance(CircuitBreaker.Pause);

        await FailAsync(wire, Ann, 3);

        Assert.That(wire.Provider.Seen, Has.Count.EqualTo(CallsToOpen + 1));
    }

    [Test]
    public async Task Breaker_WithoutARequestForAMinute_IsClosed()
    {
        await using var wire = await StartAsync(Down);
        await FailAsync(wire, Ann, CallsToOpen);
        _time.Advance(CircuitBreaker.Pause + ActiveUsers.ActiveFor + TimeSpan.FromSeconds(1));

        await FailAsync(wire, Ann, 3);

        Assert.That(wire.Provider.Seen, Has.Count.EqualTo(CallsToOpen + 3));
    }

    [Test]
    public async Task Breaker_WhenFailuresAreTooFewWithinTheWindow_StaysClosed()
    {
        await using var wire = await StartAsync(Down);
        await FailAsync(wire, Ann, CallsToOpen - 1);
        _time.Advance(CircuitBreaker.Window + TimeSpan.FromSeconds(1));

        await FailAsync(wire, Ann, CallsToOpen - 1);

        Assert.That(wire.Provider.Seen, Has.Count.EqualTo(2 * (CallsToOpen - 1)));
    }

    [Test]
    public async Task Breaker_WithASuccessBetweenFailures_StaysClosed()
    {
        await using var wire = await StartAsync([.. Down[1..], Answers.Ok, .. Down[1..]]);
        await FailAsync(wire, Ann, CallsToOpen - 1);
        await wire.AskAsync(TestCall.Of(Bob));

        await FailAsync(wire, Ann, 1);
        await FailAsync(wire, Bob, CallsToOpen - 2);

        Assert.That(wire.Provider.Seen, Has.Count.EqualTo((2 * CallsToOpen) - 1));
    }

    [Test]
    public async Task Breaker_WhenTheProviderFailsForTwoUsers_RefusesBoth()
    {
        await using var wire = await StartAsync(Down);
        for (var i = 0; i < CallsToOpen / 2; i++)
        {
            await FailAsync(wire, Ann, 1);
            await FailAsync(wire, Bob, 1);
        }

        // The tenth failure was Bob's. Ann may try once more.
        await FailAsync(wire, Bob, 1);
        await FailAsync(wire, Ann, 2);

        Assert.That(wire.Provider.Seen, Has.Count.EqualTo(CallsToOpen + 1));
        Assert.That((await wire.FailAsync(TestCall.Of(Ann))).Message, Is.EqualTo(Open));
    }

    [Test]
    public async Task Breaker_WhileOpen_LetsAnotherUserTryAndClosesForAllOnSuccess()
    {
        await using var wire = await StartAsync([.. Down, Answers.Ok]);
        await FailAsync(wire, Ann, CallsToOpen + 1);

        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => wire.AskAsync(TestCall.Of(Bob))));
        await wire.AskAsync(TestCall.Of(Ann));

        Assert.That(wire.Provider.Seen, Has.Count.EqualTo(CallsToOpen + 4));
    }

    [Test]
    public async Task Breaker_WhileOpen_LetsAnotherUserTryUntilAFailure()
    {
        await using var wire = await StartAsync(Down);
        await FailAsync(wire, Ann, CallsToOpen + 1);

        await FailAsync(wire, Bob, 3);

        Assert.That(wire.Provider.Seen, Has.Count.EqualTo(CallsToOpen + 1));
    }

    [Test]
    public async Task Breaker_WhenOneUserHasTried_LetsTheOtherUserTry()
    {
        await using var wire = await StartAsync([.. Down, .. Down[..2], Answers.Ok]);
        await FailAsync(wire, Ann, CallsToOpen + 1);
        await FailAsync(wire, Bob, 2);
        _time.Advance(CircuitBreaker.Pause);
        await FailAsync(wire, Ann, 2);

        await wire.AskAsync(TestCall.Of(Bob));

        Assert.That(wire.Provider.Seen, Has.Count.EqualTo(CallsToOpen + 3));
    }

    [Test]
    public async Task Breaker_WhenTheOtherUserWasActiveTooLongAgo_CountsTheFailuresOfOne()
    {
        await using var wire = await StartAsync([Answers.Ok, .. Down]);
        await wire.AskAsync(TestCall.Of(Bob));
        _time.Advance(ActiveUsers.ActiveFor + TimeSpan.FromSeconds(1));

        await FailAsync(wire, Ann, CallsToOpen + 1);

        Assert.That(wire.Provider.Seen, Has.Count.EqualTo(1 + CallsToOpen));
    }

    [Test]
    public async Task Breaker_OfOneModel_DoesNotAffectAnother()
    {
        await using var wire = await StartAsync([.. Down, Answers.Ok]);
        await FailAsync(wire, Ann, CallsToOpen + 1);

        await wire.AskAsync(TestCall.Of(Ann, "gpt-other"));

        Assert.That((await wire.FailAsync(TestCall.Of(Ann))).Message, Is.EqualTo(Open));
    }

    [Test]
    public async Task Breaker_WhenStoredResponsesOfOneUserAreMalformed_StaysClosedForModelsAndOtherUsers()
    {
        await using var wire = await StartAsync([.. Enumerable.Repeat(Answers.Html(200), CallsToOpen), Answers.Ok]);
        for (var i = 0; i < CallsToOpen + 2; i++)
            Assert.That(async () => await AskForStoredAsync(wire, Ann), Throws.InstanceOf<ProviderException>());

        await wire.AskAsync(TestCall.Of(Ann));
        await AskForStoredAsync(wire, Bob);

        Assert.That(wire.Provider.Seen, Has.Count.EqualTo(CallsToOpen + 2));
    }

    [Test]
    public async Task Breaker_WhenCallersLeave_StaysClosed()
    {
        await using var wire = await StartAsync(Answers.Hang);
        for (var i = 0; i < 2 * CallsToOpen; i++)
        {
            using var caller = new CancellationTokenSource();
            var asking = wire.Adapter.GenerateAsync(TestCall.Of(), caller.Token);
            await wire.Provider.ArrivalsAsync();
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
        for (var i = 0; i < CallsToOpen; i++) await wire.Provider.ArrivalsAsync();
        _time.Advance(TimeSpan.FromSeconds(attemptSeconds));
        await Task.WhenAll(hanging);

        var refused = await wire.FailAsync();

        Assert.That(refused.Message, Does.StartWith("Provider openai is failing; its circuit breaker is open until "));
        Assert.That(wire.Provider.Seen, Has.Count.EqualTo(CallsToOpen));
    }

    [Test]
    public async Task Breaker_WhenItOpensBetweenTheAttemptsOfOneCall_TellsWhatFailed()
    {
        var settings = _settings with { MaxRetries = CallsToOpen };
        await using var wire = await OpenAiWire.StartAsync(settings, TimeProvider.System, Answers.Status(500, ("retry-after-ms", "1")));

        var failure = await wire.FailAsync();

        Assert.That((failure.ProviderStatus, failure.Message), Is.EqualTo((500, "The provider openai failed with status 500.")));
        Assert.That(wire.Provider.Seen, Has.Count.EqualTo(CallsToOpen));
    }

    private Task<OpenAiWire> StartAsync(params Answer[] answers) => OpenAiWire.StartAsync(_settings, _time, answers);

    private static Task<ReadOnlyMemory<byte>> AskForStoredAsync(OpenAiWire wire, int user) => wire.Adapter.AskAsync(
        new AskStoredResponse(TestCall.RequestId, TestCall.UserNumber(user), "resp_1", StoredResponseAction.Get, ""), CancellationToken.None);

    private static async Task FailAsync(OpenAiWire wire, int user, int times)
    {
        for (var i = 0; i < times; i++) await wire.FailAsync(TestCall.Of(user));
    }
}
