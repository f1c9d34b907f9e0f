using AiGateway.Application.Health;
using AiGateway.Application.Providers;
using AiGateway.Domain;

namespace AiGateway.Application.Tests.Health;

/// <summary>What the health history of the providers records.</summary>
public sealed class HealthHistoryTests
{
    [Test]
    public void History_RecordsAFailureAndItsEndOnce()
    {
        var history = new HealthHistory();
        var (well, down) = (Sample.Health("alpha", HealthState.Healthy), Sample.Health("alpha", HealthState.Unhealthy));

        Assert.That(Next(history, well), Is.Empty, "a provider that has always worked is no change");
        Assert.That(Next(history, down), Is.EqualTo([("alpha", "", HealthState.Unhealthy, "down")]));
        Assert.That(Next(history, down), Is.Empty);
        Assert.That(Next(history, well), Is.EqualTo([("alpha", "", HealthState.Healthy, (string?)null)]));
    }

    [Test]
    public void History_NamesTheModelThatCools()
    {
        var history = new HealthHistory();
        var well = Sample.Health("alpha", HealthState.Healthy);
        var cooling = well with { Cooling = [new CoolingModel("m", Sample.Noon.AddSeconds(5), ErrorCode.ProviderTimeout)] };

        Assert.That(Next(history, cooling), Is.EqualTo([("alpha", "m", HealthState.Unhealthy, "it fails with provider_timeout and cools down")]));
        Assert.That(Next(history, well), Is.EqualTo([("alpha", "m", HealthState.Healthy, (string?)null)]));
    }

    private static IEnumerable<(string, string, HealthState, string?)> Next(HealthHistory history, HealthStatus status) =>
        history.Next([status], Sample.Noon).Select(change => (change.ProviderName, change.Model, change.State, change.Problem));
}
