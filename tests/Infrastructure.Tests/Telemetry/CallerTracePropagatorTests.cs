using System.Diagnostics;
using AiGateway.Infrastructure.Telemetry;

namespace AiGateway.Infrastructure.Tests.Telemetry;

/// <summary>What is taken from a caller's trace, and that nothing is sent.</summary>
public sealed class CallerTracePropagatorTests
{
    private const string Traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private static readonly Dictionary<string, string> Headers = new(StringComparer.Ordinal)
    {
        ["traceparent"] = Traceparent,
        ["tracestate"] = "a=b",
        ["baggage"] = "user=somebody",
    };

    [TestCase(true, Traceparent, "a=b")]
    [TestCase(false, null, null)]
    public void Extract_TakesATrustedTraceAlone_AndNeverBaggage(bool isTrusted, string? trace, string? state)
    {
        var propagator = new CallerTracePropagator(isTrusted);

        propagator.ExtractTraceIdAndState(Headers, Read, out var traceId, out var traceState);

        Assert.That((traceId, traceState, propagator.ExtractBaggage(Headers, Read)), Is.EqualTo((trace, state, (IEnumerable<KeyValuePair<string, string?>>?)null)));
    }

    [Test]
    public void Inject_SendsNothing()
    {
        using var span = new Activity("any").Start();
        var sent = new List<string>();

        new CallerTracePropagator(isTrusted: true).Inject(span, sent, static (carrier, name, _) => ((List<string>)carrier!).Add(name));

        Assert.That(sent, Is.Empty);
    }

    private static void Read(object? carrier, string name, out string? value, out IEnumerable<string>? values) =>
        (value, values) = (((Dictionary<string, string>)carrier!).GetValueOrDefault(name), null);
}
