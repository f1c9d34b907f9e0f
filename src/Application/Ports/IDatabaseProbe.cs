using AiGateway.Application.Health;

namespace AiGateway.Application.Ports;

/// <summary>Checks whether the database answers.</summary>
public interface IDatabaseProbe
{
    /// <summary>Checks the database, in bounded time; never throws.</summary>
    Task<HealthStatus> CheckAsync(CancellationToken cancellationToken);
}
