using AiGateway.SideBySide.Measuring;
using AiGateway.SideBySide.Reports;

namespace AiGateway.SideBySide.Tests;

/// <summary>Figures, ratios, and their comparison with the committed table.</summary>
internal sealed class TableTests
{
    private static readonly Metric Raw = Metrics.Slow.P50;
    private static readonly Metric Added = Metrics.All.Single(each => each.AddedIn == Raw);

    [Test]
    public void Ratio_OverRounds_IsTheMedianOfTheRoundsRatios()
    {
        var table = TableOf(Metrics.Cpu, direct: [10, 10, 10], yarp: [40, 80, 40], gateway: [80, 160, 400]);

        Assert.That(table.Ratio(table.Candidates[2], Metrics.Cpu), Is.EqualTo(2));
        Assert.That(table.Value(table.Candidates[2], Metrics.Cpu), Is.EqualTo(160));
    }

    [Test]
    public void Value_OfAnAddedTime_IsOverTheDirectCallOfTheSameRound()
    {
        var table = TableOf(Raw, direct: [1, 2, 5], yarp: [1.5, 2.5, 5.5], gateway: [2, 3, 6]);

        Assert.That(table.Value(table.Candidates[2], Added), Is.EqualTo(1));
        Assert.That(table.Ratio(table.Candidates[2], Added), Is.EqualTo(2));
    }

    [Test]
    public void Ratio_WhenTheAddedTimeOfYarpIsNegative_IsMissing()
    {
        var table = TableOf(Raw, direct: [1], yarp: [0.9], gateway: [2]);

        Assert.That(table.Ratio(table.Candidates[2], Added), Is.Null);
    }

    [Test]
    public void Ratio_OfThePostgresProcesses_IsToTheProcessorTimeOfYarp()
    {
        var table = TableOf(Metrics.Cpu, direct: [10], yarp: [40], gateway: [80]);
        table.Candidates[2].Samples.Add(Metrics.PostgresCpu, 20);

        Assert.That(table.Ratio(table.Candidates[2], Metrics.PostgresCpu), Is.EqualTo(0.5));
    }

    [TestCase(80, 90, 1)]
    [TestCase(80, 87, 0)]
    [TestCase(80, 60, 0)]
    public void Regressions_OfARatio_NameThoseMoreThanTenPercentWorse(double then, double now, int count)
    {
        var committed = CommittedTable.Of(TableOf(Metrics.Cpu, direct: [10], yarp: [40], gateway: [then]));

        var worse = Regressions.Find(TableOf(Metrics.Cpu, direct: [10], yarp: [40], gateway: [now]), committed).ToArray();

        Assert.That(worse, Has.Length.EqualTo(count).And.All.StartsWith("gateway, CPU per request, us: 2.25 times YARP, committed 2.00"));
    }

    [TestCase(2, 2.3, 40, true)]
    [TestCase(2, 2.3, 10, false)]
    public void Regression_WithinTheNoise_IsNone(double then, double now, double yarp, bool isWorse) =>
        Assert.That(Regressions.IsWorse(Metrics.Cpu, then, now, yarp), Is.EqualTo(isWorse));

    [TestCase(0.4, 0.3, true)]
    [TestCase(0.4, 0.5, false)]
    public void Regression_WhereMoreIsBetter_IsALowerRatio(double then, double now, bool isWorse) =>
        Assert.That(Regressions.IsWorse(Metrics.PerSecond, then, now, yarp: 20_000), Is.EqualTo(isWorse));

    [Test]
    public void Metrics_HaveNamesOfTheirOwn() => Assert.That(Metrics.All.Select(each => each.Name), Is.Unique);

    private static Table TableOf(Metric metric, double[] direct, double[] yarp, double[] gateway) =>
        new([CandidateWith("direct", metric, direct), CandidateWith("YARP", metric, yarp), CandidateWith("gateway", metric, gateway)]);

    private static Candidate CandidateWith(string name, Metric metric, double[] samples)
    {
        var candidate = new Candidate(name, () => throw new InvalidOperationException("No process is started."));
        foreach (var each in samples) candidate.Samples.Add(metric, each);
        return candidate;
    }
}
