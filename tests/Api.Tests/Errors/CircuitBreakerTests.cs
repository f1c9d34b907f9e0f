using AiGateway.Api.Tests.Hosting;
using AiGateway.Testing;

namespace AiGateway.Api.Tests.Errors;

/// <summary>One user's failures at a provider do not stop the requests of other users.</summary>
// Calls have a real time-out of a second. Other fixtures would take the processor from them.
[NonParallelizable]
internal sealed class CircuitBreakerTests
{
    // More failures than open a circuit breaker.
    private const int Failures = 12;
    private const string Poison = "CANARY-POISON";
    private GatewayHost _gateway = null!;

    // Each test has its own gateway, because failures open the circuit breaker.
    [SetUp]
    public async Task StartAsync() => _gateway = await GatewayHost.StartAsync(null, ("AI_GATEWAY_REQUEST_TIMEOUT", "1000"));

    [TearDown]
    public async Task StopAsync() => await _gateway.DisposeAsync();

    private static IEnumerable<TestCaseData> Faults()
    {
        yield return new TestCaseData(Answers.Error(500, "Down."), 502).SetArgDisplayNames("status 500");
        yield return new TestCaseData((Answer)Answers.Hang, 504).SetArgDisplayNames("time-out");
        yield return new TestCaseData(Answers.Raw("<html>"), 502).SetArgDisplayNames("malformed reply");
    }

    [TestCaseSource(nameof(Faults))]
    public async Task Generate_WhenOnlyAnotherUsersRequestsFail_IsServed(Answer fault, int status)
    {
        var (faulty, other) = (await _gateway.CreateUserAsync(), await _gateway.CreateUserAsync());
        _gateway.Provider.Answer = (request, http) =>
            (request.Body.Contains(Poison, StringComparison.Ordinal) ? fault : Answers.Completion())(request, http);

        var failing = await Task.WhenAll(Enumerable.Range(0, Failures).Select(_ => faulty.Caller.GenerateAsync(new { prompt = Poison })));
        var answered = await Task.WhenAll(Enumerable.Range(0, Failures).Select(_ => other.Caller.GenerateAsync()));

        foreach (var reply in failing) Assert.That(reply.Status, Is.EqualTo(status).Or.EqualTo(502), reply.Text);
        foreach (var reply in answered) reply.Expect(200);
    }

    [Test]
    public async Task Generate_WhenAnotherUserAsksForStoredResponsesAsStreams_IsAnswered()
    {
        var (faulty, other) = (await _gateway.CreateUserAsync(), await _gateway.CreateUserAsync());
        var made = (await faulty.Caller.PostAsync("/v1/responses", new { model = TestPrices.Model, input = "Hi" })).Expect(200);
        var id = made.Json.GetProperty("id").GetString();
        _gateway.Provider.Answer = (request, http) => (request.Target.Contains(id!, StringComparison.Ordinal)
            ? Answers.Raw("event: response.created\ndata: {}\n\n")
            : Answers.Completion())(request, http);

        var refused = await Task.WhenAll(Enumerable.Range(0, Failures).Select(_ => faulty.Caller.GetAsync($"/v1/responses/{id}?stream=%74rue")));

        foreach (var reply in refused) Assert.That(reply.Expect(400).Json.GetProperty("error").GetProperty("param").GetString(), Is.EqualTo("stream"));
        Assert.That(_gateway.Provider.Seen, Has.Count.EqualTo(1), "only the first response reached the provider");
        (await other.Caller.GenerateAsync()).Expect(200);
    }

    [Test]
    public async Task Generate_WhenTheProviderFailsForTwoUsers_IsRefusedAndToldWhenToRetry()
    {
        var (one, two) = (await _gateway.CreateUserAsync(), await _gateway.CreateUserAsync());
        _gateway.Provider.Answer = Answers.Error(500, "Down.");
        for (var i = 0; i < 5; i++)
        {
            (await one.Caller.GenerateAsync()).Expect(502);
            (await two.Caller.GenerateAsync()).Expect(502);
        }

        var refused = (await two.Caller.GenerateAsync()).Expect(502, "provider_failed");

        Assert.That(
            refused.Json.GetProperty("detail").GetString(),
            Does.Match(@"^Provider openai is failing; its circuit breaker is open until \d\d:\d\d:\d\dZ\. The request was not sent to it\. Retry after that time\.$"));
        Assert.That(refused.Header("retry-after"), Is.EqualTo("5"));
        Assert.That(_gateway.Provider.Seen, Has.Count.EqualTo(10));
    }
}
