using AiGateway.Domain;
using AiGateway.Infrastructure.Configuration.Providers;

namespace AiGateway.Infrastructure.Tests.Providers.OpenAi;

[TestFixture]
internal sealed class OpenAiHealthTests
{
    [TestCase(200, HealthState.Healthy, null)]
    [TestCase(404, HealthState.Healthy, null)]
    [TestCase(401, HealthState.Unhealthy, "the provider rejects the gateway's key")]
    [TestCase(403, HealthState.Unhealthy, "the provider rejects the gateway's key")]
    [TestCase(429, HealthState.Degraded, "the provider accepts no more requests for now")]
    [TestCase(500, HealthState.Degraded, "the provider answers with status 500")]
    [TestCase(503, HealthState.Degraded, "the provider answers with status 503")]
    public async Task Health_WhenAnswered_FollowsTheStatus(int status, HealthState state, string? problem)
    {
        var time = new WatchedTime();
        await using var wire = await OpenAiWire.StartAsync(new(), time, Answers.Status(status));

        var health = await wire.Adapter.CheckHealthAsync(CancellationToken.None);

        var seen = wire.Provider.Seen.Single();
        Assert.Multiple(() =>
        {
            Assert.That(health.Name, Is.EqualTo("openai"));
            Assert.That(health.State, Is.EqualTo(state));
            Assert.That(health.Problem, Is.EqualTo(problem));
            Assert.That(health.CheckedAt, Is.EqualTo(time.GetUtcNow()));
            Assert.That($"{seen.Method} {seen.Target}", Is.EqualTo("GET /v1/models"));
            Assert.That(seen.Headers["authorization"], Is.EqualTo($"Bearer {OpenAiWire.ApiKey}"));
        });
    }

    [Test]
    public async Task Health_WhenTheProviderHangs_IsUnhealthyAfterFiveSeconds()
    {
        var time = new WatchedTime();
        await using var wire = await OpenAiWire.StartAsync(new(), time, Answers.Hang);
        var checking = wire.Adapter.CheckHealthAsync(CancellationToken.None);
        await wire.Provider.ArrivalsAsync();

        await time.PassAsync(TimeSpan.FromSeconds(5));

        var health = await checking;
        Assert.That(health.State, Is.EqualTo(HealthState.Unhealthy));
        Assert.That(health.Problem, Is.EqualTo("the provider does not answer within 5 s"));
        Assert.That(health.Latency, Is.EqualTo(TimeSpan.FromSeconds(5)));
    }

    [Test]
    public async Task Health_WhenTheConnectionBreaks_IsUnhealthy()
    {
        await using var wire = await OpenAiWire.StartAsync(Answers.Drop);

        var health = await wire.Adapter.CheckHealthAsync(CancellationToken.None);

        Assert.That(health.State, Is.EqualTo(HealthState.Unhealthy));
        Assert.That(health.Problem, Is.EqualTo("the provider cannot be reached"));
    }

    [Test]
    public async Task Health_WhenTheServerIsUnreachable_IsUnhealthy()
    {
        var (adapter, _) = OpenAiWire.Connect(ProviderShorthand.OfOpenAi(new Uri("http://127.0.0.1:1/v1"), OpenAiWire.ApiKey, new()), TimeProvider.System);
        using (adapter)
        {
            var health = await adapter.CheckHealthAsync(CancellationToken.None);

            Assert.That(health.Problem, Is.EqualTo("the provider cannot be reached"));
        }
    }

    [Test]
    public async Task Health_WhenTheCallerLeaves_IsCancelled()
    {
        await using var wire = await OpenAiWire.StartAsync(Answers.Hang);
        using var asker = new CancellationTokenSource();
        var checking = wire.Adapter.CheckHealthAsync(asker.Token);
        await wire.Provider.ArrivalsAsync();

        await asker.CancelAsync();

        Assert.That(async () => await checking, Throws.InstanceOf<OperationCanceledException>());
    }
}
