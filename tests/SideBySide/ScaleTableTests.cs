using AiGateway.SideBySide.Measuring;
using AiGateway.SideBySide.Scaling;

namespace AiGateway.SideBySide.Tests;

/// <summary>The curves of scale as tables.</summary>
internal sealed class ScaleTableTests
{
    [Test]
    public void Table_OfACurve_ComparesEachPointWithTheFirst()
    {
        Assert.That(Options.TryParse(["--scale"], out var options), Is.True);

        var text = ScaleTable.Compose([new ScaleCurve("Gateways", [PointWith("1 gateway", 5000), PointWith("2 gateways", 7500)])], options);

        Assert.That(text, Does.Contain("### Gateways\n").And.Contain("| 1 gateway | 5000 | 1.00 | - |").And.Contain("| 2 gateways | 7500 | 1.50 | - |"));
    }

    private static ScalePoint PointWith(string name, double perSecond)
    {
        var point = new ScalePoint(name, [], [], server: null);
        point.Samples.Add(Metrics.PerSecond, perSecond);
        return point;
    }
}
