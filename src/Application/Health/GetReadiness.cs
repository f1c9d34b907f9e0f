using AiGateway.Application.Ports;
using AiGateway.Domain;
using MediatR;

namespace AiGateway.Application.Health;

/// <summary>Whether requests can be recorded. Providers do not count: a gateway without them still answers.</summary>
public sealed record GetReadiness : IRequest<HealthState>;

internal sealed class GetReadinessHandler(IDatabaseProbe database) : IRequestHandler<GetReadiness, HealthState>
{
    public async Task<HealthState> Handle(GetReadiness query, CancellationToken cancellationToken) =>
        (await database.CheckAsync(cancellationToken)).State;
}
