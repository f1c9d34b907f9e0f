using System.Diagnostics;
using AiGateway.Infrastructure.Telemetry;
using Microsoft.Extensions.Logging;

namespace AiGateway.Infrastructure.Tests.Telemetry;

internal sealed class SampledLogsTests
{
    private const string Provider = "OpenTelemetry";

    [Test]
    public void Rules_RepeatTheGeneralOnesForTheProvider()
    {
        var options = new LoggerFilterOptions { Rules = { new(null, "Microsoft", LogLevel.Warning, null), new("Console", null, LogLevel.Error, null) } };

        SampledLogs.AddRules(options);

        Assert.That(
            options.Rules.Where(rule => rule.ProviderName == Provider).Select(rule => (rule.CategoryName, rule.LogLevel)),
            Is.EqualTo(new (string?, LogLevel?)[] { (null, options.MinLevel), ("Microsoft", LogLevel.Warning) }));
    }

    [Test]
    public void Rules_OfTheOperatorForTheProvider_AreLeftAlone()
    {
        var options = new LoggerFilterOptions { Rules = { new(null, "Microsoft", LogLevel.Warning, null), new(Provider, null, LogLevel.Debug, null) } };

        SampledLogs.AddRules(options);

        Assert.That(options.Rules, Has.Count.EqualTo(2));
    }

    [TestCase(null, LogLevel.Information, true)]
    [TestCase(ActivityTraceFlags.Recorded, LogLevel.Information, true)]
    [TestCase(ActivityTraceFlags.None, LogLevel.Information, false)]
    [TestCase(ActivityTraceFlags.None, LogLevel.Warning, true)]
    public void Entry_IsSentWhenItsTraceIsKeptOrItIsAWarning(ActivityTraceFlags? trace, LogLevel level, bool isSent)
    {
        var options = new LoggerFilterOptions();
        SampledLogs.AddRules(options);
        using var span = trace is { } flags ? new Activity("request") { ActivityTraceFlags = flags }.Start() : null;

        Assert.That(options.Rules.Single().Filter!(Provider, "a category", level), Is.EqualTo(isSent));
    }
}
