using AiGateway.Application.Pipeline;
using AiGateway.Application.Telemetry;

namespace AiGateway.Application.Tests.Telemetry;

/// <summary>The log entries of every request have categories that begin with the name that telemetry knows.</summary>
internal sealed class RequestLogTests
{
    [TestCase(typeof(QuotaBehavior))]
    [TestCase(typeof(RequestSettler))]
    public void Category_BeginsWithTheNameThatTelemetryKnows(Type writer) =>
        Assert.That(writer.FullName, Does.StartWith(TelemetryNames.RequestLog + "."));
}
