namespace AiGateway.Domain;

/// <summary>What the last check of a provider found.</summary>
public sealed class ProviderHealth
{
    /// <summary>The provider; also the key of the row.</summary>
    public required string ProviderName { get; init; }

    /// <summary>Its state.</summary>
    public HealthState State { get; set; }

    /// <summary>How long the check took, in milliseconds.</summary>
    public long LatencyMs { get; set; }

    /// <summary>When it was checked.</summary>
    public DateTimeOffset CheckedAt { get; set; }

    /// <summary>What was wrong, without secrets; null when healthy.</summary>
    public string? Problem { get; set; }

    /// <summary>The provider.</summary>
    public Provider? Provider { get; init; }
}

/// <summary>The state of a part. The numbers are stored; a larger number is worse.</summary>
public enum HealthState
{
    /// <summary>All of it works.</summary>
    Healthy = 0,

    /// <summary>It works in part.</summary>
    Degraded = 1,

    /// <summary>It does not work.</summary>
    Unhealthy = 2,
}
