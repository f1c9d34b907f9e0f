using System.Text.Json;
using AiGateway.Api.Tests.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace AiGateway.Api.Tests;

internal sealed class HealthTests
{
    private const string Path = "/api/v1/ai/health";
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 23, 10, 0, 0, TimeSpan.Zero));
    private GatewayHost _gateway = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _gateway = await GatewayHost.StartAsync(_time);

    [OneTimeTearDown]
    public async Task StopAsync() => await _gateway.DisposeAsync();

    [SetUp]
    public void ForgetTheLastCheck()
    {
        _gateway.Provider.Reset(Answers.Completion());
        _time.Advance(TimeSpan.FromSeconds(15));
    }

    [TestCase(null)]
    [TestCase("agw_unknown")]
    public async Task Health_WhenAnonymous_HasTheStatusAlone(string? credentials)
    {
        var reply = (await _gateway.Admin.As(credentials).GetAsync(Path)).Expect(200);

        Assert.That(reply.Text, Is.EqualTo("""{"status":"healthy"}"""));
    }

    [Test]
    public async Task Health_WhenAuthenticated_HasDatabaseAndProviders()
    {
        var json = (await _gateway.Admin.GetAsync(Path)).Expect(200).Json;

        Assert.That(json.GetProperty("gateway").GetProperty("name").GetString(), Is.EqualTo("gateway"));
        Assert.That(json.GetProperty("database").GetProperty("status").GetString(), Is.EqualTo("healthy"));
        var provider = json.GetProperty("providers").EnumerateArray().Single();
        Assert.That(provider.GetProperty("name").GetString(), Is.EqualTo("openai"));
        Assert.That(provider.GetProperty("status").GetString(), Is.EqualTo("healthy"));
        Assert.That(provider.GetProperty("problem").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(provider.GetProperty("lastCheck").GetDateTimeOffset(), Is.EqualTo(_time.GetUtcNow()));
        Assert.That(_gateway.Provider.Seen.Single().Target, Is.EqualTo("/v1/models"), "the check reads the free list of models");
    }

    [TestCase(500, 200, "degraded")]
    [TestCase(429, 200, "degraded")]
    [TestCase(401, 503, "unhealthy")]
    public async Task Health_WhenTheProviderFails_IsDegradedOrUnhealthy(int providerStatus, int status, string word)
    {
        _gateway.Provider.Answer = Answers.Error(providerStatus, "secret words of the provider");

        var reply = (await _gateway.Admin.GetAsync(Path)).Expect(status);

        Assert.That(reply.Json.GetProperty("status").GetString(), Is.EqualTo(word));
        Assert.That(reply.Json.GetProperty("providers")[0].GetProperty("problem").GetString(), Is.Not.Empty);
        Assert.That(reply.Text, Does.Not.Contain("secret"));
    }

    [Test]
    public async Task Health_WhenRequestedAgainWithin15Seconds_DoesNotCheckTheProviderAgain()
    {
        await _gateway.Anonymous.GetAsync(Path);
        _time.Advance(TimeSpan.FromSeconds(14));
        await _gateway.Anonymous.GetAsync(Path);
        Assert.That(_gateway.Provider.Seen, Has.Count.EqualTo(1));

        _time.Advance(TimeSpan.FromSeconds(1));
        await _gateway.Anonymous.GetAsync(Path);
        Assert.That(_gateway.Provider.Seen, Has.Count.EqualTo(2));
    }

    [TestCase("/health/live")]
    [TestCase("/health/ready")]
    public async Task Probe_WhenAnonymous_AnswersWithoutCheckingTheProvider(string path)
    {
        var reply = (await _gateway.Anonymous.GetAsync(path)).Expect(200);

        Assert.That(reply.Text, Is.EqualTo("""{"status":"healthy"}"""));
        Assert.That(_gateway.Provider.Seen, Is.Empty);
    }
}
