using System.Diagnostics;

namespace AiGateway.Infrastructure.Telemetry;

/// <summary>Reads the trace of a caller as the operator chose. Baggage is never taken: the gateway has no use for it.</summary>
internal sealed class CallerTracePropagator(bool isTrusted) : DistributedContextPropagator
{
    private static readonly DistributedContextPropagator Known = CreateW3CPropagator();

    public override IReadOnlyCollection<string> Fields => Known.Fields;

    public override void ExtractTraceIdAndState(object? carrier, PropagatorGetterCallback? getter, out string? traceId, out string? traceState)
    {
        (traceId, traceState) = (null, null);
        if (isTrusted) Known.ExtractTraceIdAndState(carrier, getter, out traceId, out traceState);
    }

    public override IEnumerable<KeyValuePair<string, string?>>? ExtractBaggage(object? carrier, PropagatorGetterCallback? getter) => null;

    // Calls have their own rule.
    public override void Inject(Activity? activity, object? carrier, PropagatorSetterCallback? setter)
    {
    }
}
