namespace AiGateway.Domain;

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
