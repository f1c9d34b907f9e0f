using AiGateway.Application.Providers;
using AiGateway.Domain;
using AiGateway.Infrastructure.Providers;

namespace AiGateway.Infrastructure.Tests.Providers.OpenAi.Failures;

/// <summary>Whether a provider may bill a call that failed, tested on real sockets.</summary>
[TestFixture]
internal sealed class AttemptOutcomeTests
{
    private static readonly ProviderSettings Once = new() { MaxRetries = 0 };

    [Test]
    public async Task Call_ToAClosedPort_IsNotSent()
    {
        var wire = OpenAiWire.At(new Uri("http://127.0.0.1:1/v1"), Once);

        Assert.That(await OutcomesAsync(wire), Is.EqualTo([AttemptOutcome.NotSent]));
    }

    [TestCase(400)]
    [TestCase(401)]
    [TestCase(429)]
    [TestCase(500)]
    [TestCase(529)]
    public async Task Call_AnsweredWithAnErrorStatus_IsRefused(int status)
    {
        var wire = await OpenAiWire.StartAsync(Once, TimeProvider.System, Answers.Status(status));

        Assert.That(await OutcomesAsync(wire), Is.EqualTo([AttemptOutcome.Refused]));
    }

    [Test]
    public async Task Call_ThatIsReadAndThenReset_IsUnknown()
    {
        var wire = await OpenAiWire.StartAsync(Once, TimeProvider.System, Answers.Drop);

        Assert.That(await OutcomesAsync(wire), Is.EqualTo([AttemptOutcome.Unknown]));
    }

    [Test]
    public async Task Call_WhoseReplyIsMalformed_IsUnknown()
    {
        var wire = await OpenAiWire.StartAsync(Once, TimeProvider.System, Answers.Json("<html>"));

        Assert.That(await OutcomesAsync(wire), Is.EqualTo([AttemptOutcome.Unknown]));
    }

    [Test]
    public async Task Call_ThatTimesOut_IsUnknown()
    {
        var settings = new ProviderSettings { Timeout = TimeSpan.FromMilliseconds(300), AttemptTimeout = TimeSpan.FromMilliseconds(300) };
        var wire = await OpenAiWire.StartAsync(settings, TimeProvider.System, Answers.Hang);

        Assert.That(await OutcomesAsync(wire), Is.EqualTo([AttemptOutcome.Unknown]));
    }

    [Test]
    public async Task Call_ThatIsAnsweredAtTheSecondAttempt_RecordsBoth()
    {
        await using var wire = await OpenAiWire.StartAsync(
            new ProviderSettings { MaxRetries = 1 }, TimeProvider.System, Answers.Drop, Answers.Ok);
        var attempts = new RequestAttempts(TimeProvider.System);
        var raised = new List<long>();
        attempts.HoldGranted(0, more =>
        {
            raised.Add(more);
            return Task.FromResult(true);
        });

        await wire.AskAsync(Call(attempts));

        Assert.That(attempts.Ended.Select(attempt => attempt.Outcome), Is.EqualTo([AttemptOutcome.Unknown]));
        Assert.That(attempts.UnderWay, Is.Not.Null, "the answered attempt stays open until it is charged");
        Assert.That(raised, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Call_WithoutCapacityForASecondAttempt_IsMadeOnce()
    {
        await using var wire = await OpenAiWire.StartAsync(
            new ProviderSettings { MaxRetries = 3 }, TimeProvider.System, Answers.Drop, Answers.Ok);
        var attempts = new RequestAttempts(TimeProvider.System);
        attempts.HoldGranted(0, _ => Task.FromResult(false));

        await wire.FailAsync(Call(attempts));

        Assert.That(wire.Provider.Seen, Has.Count.EqualTo(1));
    }

    private static ModelCall Call(RequestAttempts attempts) =>
        TestCall.Of() with { Attempts = attempts, Worst = new CostEstimate(10, 100, 1_000) };

    private static async Task<IEnumerable<AttemptOutcome>> OutcomesAsync(OpenAiWire wire)
    {
        await using (wire)
        {
            var attempts = new RequestAttempts(TimeProvider.System);
            await wire.FailAsync(Call(attempts));
            return [.. attempts.Ended.Select(attempt => attempt.Outcome)];
        }
    }
}
