using AiGateway.Domain;
using AiGateway.Infrastructure.Providers;
using AiGateway.Infrastructure.Providers.Targets;
using AiGateway.Testing;

namespace AiGateway.Infrastructure.Tests.Providers.OpenAi.Failures;

/// <summary>Which failures open the circuit breaker when only one of several active users has them, and which failures never do.</summary>
[TestFixture]
internal sealed class CircuitFailureTests
{
    private const int CallsToOpen = CircuitBreaker.FailuresToOpen;
    private const int Ann = 1;
    private const int Bob = 2;
    private const string TooLarge = """{"error":{"message":"Request too large for gpt-test on tokens per min (TPM): Limit 30000, Requested 50000.","type":"tokens","code":"rate_limit_exceeded"}}""";
    private const string NoModel = """{"error":{"message":"The model `gpt-test` does not exist or you do not have access to it.","code":"model_not_found"}}""";
    private const string NoDeployment = """{"error":{"code":"DeploymentNotFound","message":"It does not exist."}}""";
    private const string NoAccount = """{"error":{"message":"Your account is not active."}}""";

    private static IEnumerable<TestCaseData> OfTheProvider()
    {
        yield return Case("401", Answers.Status(401));
        yield return Case("429", Answers.Status(429));
        yield return Case("exhausted account", Answers.Json("""{"error":{"message":"No credit.","type":"insufficient_quota"}}""", 429));
    }

    private static IEnumerable<TestCaseData> OfRequestsOrTheProvider()
    {
        yield return Case("408", Answers.Status(408));
        yield return Case("500", Answers.Status(500));
        yield return Case("503", Answers.Status(503));
        yield return Case("529", Answers.Status(529));
        yield return Case("302", Answers.Status(302));
        yield return Case("malformed", Answers.Html(200));
        yield return Case("closed connection", Answers.Drop);
        yield return Case("403 account", Answers.Json(NoAccount, 403));
        yield return Case("404 model", Answers.Json(NoModel, 404));
        yield return Case("404 deployment", Answers.Json(NoDeployment, 404));
    }

    private static IEnumerable<TestCaseData> OfRequests()
    {
        yield return Case("400", Answers.Json(NoModel, 400));
        yield return Case("403", Answers.Status(403));
        yield return Case("404", Answers.Status(404));
        yield return Case("422", Answers.Status(422));
        yield return Case("429 too large", Answers.Json(TooLarge, 429));
    }

    [TestCaseSource(nameof(OfTheProvider))]
    public async Task Breaker_WhenOneUsersFailuresAreTheProviders_Opens(Answer answer)
    {
        await using var wire = await StartAsync(answer);
        await wire.AskAsync(TestCall.Of(Bob));

        await FailAsync(wire, Ann, CallsToOpen + 2);

        Assert.That(wire.Provider.Seen, Has.Count.EqualTo(1 + CallsToOpen));
    }

    [TestCaseSource(nameof(OfRequestsOrTheProvider))]
    public async Task Breaker_WhenOneUsersRequestsMayBeTheCause_OpensOnlyWithASecondUsersFailure(Answer answer)
    {
        await using var wire = await StartAsync(answer);
        await wire.AskAsync(TestCall.Of(Bob));

        await FailAsync(wire, Ann, CallsToOpen + 2);
        Assert.That(wire.Provider.Seen, Has.Count.EqualTo(1 + CallsToOpen + 2));

        await FailAsync(wire, Bob, 2);
        Assert.That(wire.Provider.Seen, Has.Count.EqualTo(1 + CallsToOpen + 3));
    }

    [TestCaseSource(nameof(OfRequests))]
    public async Task Breaker_WhenRequestsAreFaulty_StaysClosed(Answer answer)
    {
        await using var wire = await StartAsync(answer);
        await wire.AskAsync(TestCall.Of(Bob));

        await FailAsync(wire, Ann, CallsToOpen);
        await FailAsync(wire, Bob, CallsToOpen);

        Assert.That(wire.Provider.Seen, Has.Count.EqualTo(1 + (2 * CallsToOpen)));
    }

    [Test]
    public async Task Breaker_WhenTheProviderCannotBeConnectedTo_OpensForOneUser()
    {
        Uri closed;
        await using (var provider = await ScriptedProvider.StartAsync(Answers.Ok)) closed = provider.Address;
        await using var wire = OpenAiWire.At(new Uri(closed, "v1"), new ProviderSettings { MaxRetries = 0 });
        await FailAsync(wire, Bob, 1);

        await FailAsync(wire, Ann, CallsToOpen);

        Assert.That((await wire.FailAsync(TestCall.Of(Ann))).Message, Does.Contain("its circuit breaker is open until"));
    }

    [Test]
    public async Task Breaker_WithAsManySuccessesAsFailuresOfTheProvider_StaysClosed()
    {
        var answers = Enumerable.Range(0, 4 * CallsToOpen).Select(i => i % 2 == 0 ? Answers.Status(401) : Answers.Ok).ToArray();
        await using var wire = await OpenAiWire.StartAsync(new ProviderSettings { MaxRetries = 0 }, new WatchedTime(), answers);

        for (var i = 0; i < 2 * CallsToOpen; i++)
        {
            await FailAsync(wire, Ann, 1);
            await wire.AskAsync(TestCall.Of(Bob));
        }

        Assert.That(wire.Provider.Seen, Has.Count.EqualTo(4 * CallsToOpen));
    }

    [Test]
    public async Task Refusal_WhenARateLimitOpenedTheCircuit_SaysSoByItsCode()
    {
        await using var wire = await StartAsync(Answers.Status(429));
        await wire.AskAsync(TestCall.Of(Bob));
        await FailAsync(wire, Ann, CallsToOpen);

        var refused = await wire.FailAsync(TestCall.Of(Ann));

        Assert.That((refused.Code, refused.RetryAfter), Is.EqualTo((ErrorCode.ProviderRateLimited, CircuitBreaker.Pause)));
    }

    private static TestCaseData Case(string name, Answer answer) => new TestCaseData(answer).SetArgDisplayNames(name);

    // The one good answer is for the second user, who is then active beside the failing one.
    private static Task<OpenAiWire> StartAsync(Answer answer) =>
        OpenAiWire.StartAsync(new ProviderSettings { MaxRetries = 0 }, new WatchedTime(), Answers.Ok, answer);

    private static async Task FailAsync(OpenAiWire wire, int user, int times)
    {
        for (var i = 0; i < times; i++) await wire.FailAsync(TestCall.Of(user));
    }
}
