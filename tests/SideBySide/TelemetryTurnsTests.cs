using AiGateway.SideBySide.Switching;

namespace AiGateway.SideBySide.Tests;

/// <summary>What is told of the turns with and without telemetry.</summary>
internal sealed class TelemetryTurnsTests
{
    [Test]
    public void Report_ComparesNeighbours()
    {
        // The machine became ten times slower after the first pair. The first turn has no neighbour.
        Turn[] turns = [new(false, 50), new(false, 100), new(true, 103), new(true, 1010), new(false, 1000)];

        var report = SwitchRun.Compose(turns, requests: 7);

        Assert.That(report, Does.StartWith("7 requests, 2 pairs of turns."));
        Assert.That(report, Does.Contain("mean 1.020, standard error 0.010"));
    }

    [TestCase(true, 123.456)]
    [TestCase(false, 0.5)]
    public void Turn_IsReadAsItWasWritten(bool isOn, double cpu) => Assert.That(Turn.Parse(new Turn(isOn, cpu).ToString()), Is.EqualTo(new Turn(isOn, cpu)));
}
