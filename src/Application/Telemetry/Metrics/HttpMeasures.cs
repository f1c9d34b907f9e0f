namespace AiGateway.Application.Telemetry.Metrics;

/// <summary>What the metrics tell of an HTTP request that has ended. Each text is one of few.</summary>
public readonly record struct HttpMeasures
{
    /// <summary>The method, such as <c>POST</c>.</summary>
    public required string Method { get; init; }

    /// <summary><c>http</c> or <c>https</c>.</summary>
    public required string Scheme { get; init; }

    /// <summary>The version of HTTP, such as <c>1.1</c>.</summary>
    public required string Protocol { get; init; }

    /// <summary>The status of the reply.</summary>
    public required int Status { get; init; }

    /// <summary>The address of the endpoint, with names in place of its variable parts; null: no endpoint.</summary>
    public required string? Route { get; init; }

    /// <summary>The status, if the gateway failed; else null.</summary>
    public required string? Error { get; init; }

    /// <summary>From the arrival of the request to the end of its reply.</summary>
    public required TimeSpan Duration { get; init; }
}
