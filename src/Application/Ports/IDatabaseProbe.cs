using AiGateway.Application.Health;

namespace AiGateway.Application.Ports;

/// <summary>Tells whether the database answers.</summary>
public interface IDatabaseProbe
{
    /// <summary>Asks it, in bounded time; never throws.</summary>
    Task<HealthStatus> CheckAsync(CancellationToken cancellationToken);
}
