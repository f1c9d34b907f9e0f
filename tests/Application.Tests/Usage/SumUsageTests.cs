using AiGateway.Application.Usage;
using NSubstitute;

namespace AiGateway.Application.Tests.Usage;

public sealed class SumUsageTests : IDisposable
{
    private readonly UseCases _useCases = new();

    public void Dispose() => _useCases.Dispose();

    [Test]
    public async Task Sum_Always_PassesGroupingAndTimesToTheLedger()
    {
        UsageSum[] sums = [new("m-default", 2, 20, 10, 40_000, 0)];
        _useCases.Reports.SumAsync(UsageGrouping.Model, Sample.Noon, null, Arg.Any<CancellationToken>()).Returns(sums);

        Assert.That(await _useCases.SendAsync(new SumUsage(UsageGrouping.Model, Sample.Noon, null)), Is.SameAs(sums));
    }

    [Test]
    public async Task Sum_WithAnUnknownGroupingAndAnEmptyPeriod_NamesBothFields()
    {
        var faults = await _useCases.FaultsOfAsync(new SumUsage((UsageGrouping)99, Sample.Noon, Sample.Noon));

        Assert.That(faults.Select(fault => fault.Field), Is.EqualTo(["groupBy", "to"]));
    }

    [Test]
    public async Task Sum_WithOnlyAnEnd_IsTaken()
    {
        Assert.That(await _useCases.FaultsOfAsync(new SumUsage(UsageGrouping.Day, null, Sample.Noon)), Is.Empty);
    }
}
