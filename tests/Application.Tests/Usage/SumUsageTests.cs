using AiGateway.Application.Usage;
using AiGateway.Domain;
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
        _useCases.Reports.SumAsync(
            Arg.Is<IReadOnlyList<UsageGrouping>>(groupings => groupings.SequenceEqual(new[] { UsageGrouping.Model })),
            new UsageSelection { From = Sample.Noon },
            Arg.Any<CancellationToken>()).Returns(sums);

        Assert.That((await _useCases.SendAsync(Query("model", Sample.Noon, null))).Sums, Is.SameAs(sums));
    }

    [Test]
    public async Task Sum_WithAnUnknownGroupingAndAnEmptyPeriod_NamesBothFields()
    {
        var faults = await _useCases.FaultsOfAsync(Query("99", Sample.Noon, Sample.Noon));

        Assert.That(faults.Select(fault => fault.Field), Is.EqualTo(["groupBy", "to"]));
    }

    [Test]
    public async Task Sum_WithOnlyAnEnd_IsTaken()
    {
        Assert.That(await _useCases.FaultsOfAsync(Query("day", null, Sample.Noon)), Is.Empty);
    }

    [TestCase("team", null, null, "from")]
    [TestCase("user,model", null, null, "from")]
    [TestCase("team", -93, null, null)]
    [TestCase("team", -94, null, "from")]
    [TestCase("team", -200, -110, null)]
    [TestCase("user", null, null, null)]
    [TestCase("user,user", null, null, "groupBy")]
    [TestCase("user,model,provider,key,day", null, null, "groupBy")]
    [TestCase("", null, null, "groupBy")]
    [TestCase("endUser, DAY", -1, null, null)]
    public async Task Sum_ThatReadsRecords_NeedsAPeriodOfAtMost93Days(string groupBy, int? from, int? to, string? fault)
    {
        var faults = await _useCases.FaultsOfAsync(Query(groupBy, At(from), At(to)));

        Assert.That(faults.Select(each => each.Field), Is.EqualTo(fault is null ? Array.Empty<string>() : [fault]));
        static DateTimeOffset? At(int? days) => days is { } count ? Sample.Noon.AddDays(count) : null;
    }

    [Test]
    public async Task Sum_OfAnAdministratorOfATeam_SelectsWhatWasChargedToIt()
    {
        var team = Guid.Parse("0193a000-0000-7000-8000-0000000000aa");
        var by = Sample.Actor with { Scopes = [Scopes.AdminTeam], TeamId = team };

        Assert.That(
            (await _useCases.FaultsOfAsync(new SumUsage(by, "user", new UsageSelection()))).Select(each => each.Field), Is.EqualTo(["from"]));
        await _useCases.SendAsync(new SumUsage(by, "user", new UsageSelection { From = Sample.Noon.AddDays(-1) }));

        await _useCases.Reports.Received(1).SumAsync(
            Arg.Any<IReadOnlyList<UsageGrouping>>(), Arg.Is<UsageSelection>(records => records.Reach.TeamId == team), Arg.Any<CancellationToken>());
    }

    private static SumUsage Query(string groupBy, DateTimeOffset? from, DateTimeOffset? to) =>
        new(Sample.Actor, groupBy, new UsageSelection { From = from, To = to });
}
