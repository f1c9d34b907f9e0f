using AiGateway.Application.Pipeline;
using AiGateway.Application.Ports;
using MediatR;

namespace AiGateway.Application.Quotas;

/// <summary>A user's limits and their use now.</summary>
public sealed record GetQuotaStatus(Guid UserId) : IRequest<QuotaStatus>, IReadsTheBooks;

internal sealed class GetQuotaStatusHandler(IQuotaStore quotas, GatewayDefaults defaults, TimeProvider time)
    : IRequestHandler<GetQuotaStatus, QuotaStatus>
{
    public async Task<QuotaStatus> Handle(GetQuotaStatus query, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var limits = await quotas.FindLimitsAsync(query.UserId, cancellationToken) ?? defaults.Limits;
        return QuotaStatus.Of(limits, await quotas.ReadUseAsync(query.UserId, now, cancellationToken), now);
    }
}
