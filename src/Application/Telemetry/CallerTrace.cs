namespace AiGateway.Application.Telemetry;

/// <summary>What a caller's <c>traceparent</c> does.</summary>
public enum CallerTrace
{
    /// <summary>The gateway begins a trace of its own, with a link to the caller's. A caller cannot choose what is sampled.</summary>
    Link,

    /// <summary>The gateway continues the caller's trace, and follows its decision on sampling.</summary>
    Trusted,

    /// <summary>The gateway begins a trace of its own, without a link.</summary>
    Ignore,
}
