using AiGateway.Infrastructure.Providers.Targets;
using Microsoft.Extensions.Time.Testing;

namespace AiGateway.Infrastructure.Tests.Providers;

/// <summary>Retries do not multiply an outage.</summary>
internal sealed class RetryBudgetTests
{
    [TestCase(0, 9, true)]
    [TestCase(0, 10, false)]
    [TestCase(100, 10, true)]
    [TestCase(100, 11, false)]
    public void Retries_AreAtMostTenOrATenthOfTheCalls(int calls, int retries, bool allowed)
    {
        var budget = new RetryBudget(new FakeTimeProvider());
        for (var i = 0; i < calls; i++) budget.Begin(isRetry: false);
        for (var i = 0; i < retries; i++) budget.Begin(isRetry: true);

        Assert.That(budget.Allows(), Is.EqualTo(allowed));
    }

    [Test]
    public void Retries_OfMoreThanTenSecondsAgo_DoNotCount()
    {
        var time = new FakeTimeProvider();
        var budget = new RetryBudget(time);
        for (var i = 0; i < 10; i++) budget.Begin(isRetry: true);
        time.Advance(TimeSpan.FromSeconds(9));
        Assert.That(budget.Allows(), Is.False);

        time.Advance(TimeSpan.FromSeconds(2));

        Assert.That(budget.Allows(), Is.True);
    }
}
