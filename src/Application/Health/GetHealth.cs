using AiGateway.Application.Ports;
using AiGateway.Domain;
using MediatR;

namespace AiGateway.Application.Health;

/// <summary>The health of the gateway, its database and its providers.</summary>
public sealed record GetHealth : IRequest<HealthReport>;

/// <summary>The state of the gateway and of its parts.</summary>
/// <param name="State">Unhealthy without database or without any provider, degraded when a part fails.</param>
/// <param name="Database">The database.</param>
/// <param name="Providers">Each provider, as of its last check.</param>
public sealed record HealthReport(HealthState State, HealthStatus Database, IReadOnlyList<HealthStatus> Providers)
{
    /// <summary>Adds up the parts.</summary>
    public static HealthReport Of(HealthStatus database, IReadOnlyList<HealthStatus> providers)
    {
        var states = providers.Select(provider => provider.State).DefaultIfEmpty(HealthState.Unhealthy).ToArray();
        var (best, worst) = (states.Min(), states.Max());
        var state = database.State == HealthState.Unhealthy || best == HealthState.Unhealthy
            ? HealthState.Unhealthy
            : worst == HealthState.Healthy && database.State == HealthState.Healthy ? HealthState.Healthy : HealthState.Degraded;
        return new(state, database, providers);
    }
}

internal sealed class GetHealthHandler(IDatabaseProbe database, ProviderHealthBoard providers)
    : IRequestHandler<GetHealth, HealthReport>
{
    public async Task<HealthReport> Handle(GetHealth query, CancellationToken cancellationToken)
    {
        var status = await database.CheckAsync(cancellationToken);
        return HealthReport.Of(status, await providers.ReadAsync(cancellationToken));
    }
}
