using AiGateway.Application.Health;
using AiGateway.Domain;
using NSubstitute;

namespace AiGateway.Application.Tests.Health;

public sealed class HealthReportTests
{
    private const HealthState Healthy = HealthState.Healthy;
    private const HealthState Degraded = HealthState.Degraded;
    private const HealthState Unhealthy = HealthState.Unhealthy;

    [TestCase(Healthy, Healthy, Healthy)]
    [TestCase(Healthy, Healthy, Healthy, Healthy)]
    [TestCase(Degraded, Healthy, Degraded)]
    [TestCase(Degraded, Healthy, Healthy, Unhealthy)]
    [TestCase(Degraded, Healthy, Healthy, Degraded)]
    [TestCase(Degraded, Degraded, Healthy)]
    [TestCase(Unhealthy, Healthy, Unhealthy)]
    [TestCase(Unhealthy, Healthy, Unhealthy, Unhealthy)]
    [TestCase(Degraded, Healthy, Degraded, Unhealthy)]
    [TestCase(Unhealthy, Unhealthy, Healthy)]
    [TestCase(Unhealthy, Healthy)]
    public void Report_Status_FollowsFromDatabaseAndProviders(HealthState expected, HealthState database, params HealthState[] providers)
    {
        var report = HealthReport.Of(
            Sample.Health("database", database), [.. providers.Select(state => Sample.Health("alpha", state))]);

        Assert.That(report.State, Is.EqualTo(expected));
    }

    [Test]
    public async Task GetHealth_Always_ReportsDatabaseAndEveryProvider()
    {
        var alpha = Sample.Adapter("alpha");
        alpha.CheckHealthAsync(default).ReturnsForAnyArgs(Sample.Health("alpha", Unhealthy));
        using var useCases = new UseCases(alpha, Sample.Adapter("beta"));
        useCases.Database.CheckAsync(Arg.Any<CancellationToken>()).Returns(Sample.Health("database", Healthy));

        var report = await useCases.SendAsync(new GetHealth());

        Assert.That(report.State, Is.EqualTo(Degraded));
        Assert.That(report.Database, Is.EqualTo(Sample.Health("database", Healthy)));
        Assert.That(report.Providers, Is.EqualTo([Sample.Health("alpha", Unhealthy), Sample.Health("beta", Healthy)]));
    }

    [TestCase(Healthy)]
    [TestCase(Unhealthy)]
    public async Task GetReadiness_Always_DependsOnTheDatabaseAlone(HealthState state)
    {
        using var useCases = new UseCases();
        useCases.Database.CheckAsync(Arg.Any<CancellationToken>()).Returns(Sample.Health("database", state));

        Assert.That(await useCases.SendAsync(new GetReadiness()), Is.EqualTo(state));
        await useCases.Adapters[0].DidNotReceiveWithAnyArgs().CheckHealthAsync(default);
    }
}
