using System.Diagnostics;
using AiGateway.Infrastructure.Telemetry;
using Microsoft.Extensions.Logging;

namespace AiGateway.Infrastructure.Tests.Telemetry;

internal sealed class SampledLogsTests
{
    private const string Provider = "OpenTelemetry";
    private const string PerRequest = "AiGateway.Application.Pipeline.QuotaBehavior";

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

    [TestCase(PerRequest, null, LogLevel.Information, false)]
    [TestCase(PerRequest, false, LogLevel.Information, false)]
    [TestCase(PerRequest, true, LogLevel.Information, true)]
    [TestCase(PerRequest, null, LogLevel.Warning, true)]
    [TestCase(PerRequest, false, LogLevel.Warning, true)]
    [TestCase("AiGateway.Infrastructure.Ledger.Writer.LedgerOutage", null, LogLevel.Information, true)]
    [TestCase(null, null, LogLevel.Information, true)]
    public void Entry_OfEveryRequest_IsSentWhenItsTraceIsKept_AndAllOthersAlways(string? category, bool? isTraceKept, LogLevel level, bool isSent)
    {
        var options = new LoggerFilterOptions();
        SampledLogs.AddRules(options);
        using var span = isTraceKept is { } isKept ? new Activity("request") { IsAllDataRequested = isKept }.Start() : null;

        Assert.That(options.Rules.Single().Filter!(Provider, category, level), Is.EqualTo(isSent));
    }
}
