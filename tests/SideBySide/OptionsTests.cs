namespace AiGateway.SideBySide.Tests;

/// <summary>The command line of the benchmark.</summary>
internal sealed class OptionsTests
{
    [Test]
    public void Options_AfterShort_OverrideIt()
    {
        Assert.That(Options.TryParse(["--short", "--rounds", "1"], out var options), Is.True);

        Assert.That(options, Has.Property("Rounds").EqualTo(1).And.Property("IsShort").True.And.Property("WarmUpSeconds").LessThan(30));
    }

    [TestCase("--short", "--write")]
    [TestCase("--scale", "--check")]
    [TestCase("--telemetry-turns", "--write")]
    [TestCase("--telemetry-turns", "--check")]
    [TestCase("--telemetry-turns", "--scale")]
    [TestCase("--rounds", "0")]
    [TestCase("--rounds")]
    [TestCase("--levels", "6")]
    [TestCase("--output", "file")]
    public void Options_ThatAreNotValid_AreRefused(params string[] args) => Assert.That(Options.TryParse(args, out _), Is.False);
}
