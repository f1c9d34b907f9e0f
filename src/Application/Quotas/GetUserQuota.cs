using AiGateway.Application.Administration;
using AiGateway.Application.Users;
using AiGateway.Domain;
using MediatR;

namespace AiGateway.Application.Quotas;

/// <summary>The limits that hold for a user.</summary>
public sealed record GetUserQuota(Actor By, Guid UserId) : IRequest<UserQuota>, IWithinTeam
{
    IEnumerable<TeamTarget> IWithinTeam.Targets => [new(ScopeKind.User, UserId)];
}

/// <summary>The limits that hold for a user.</summary>
/// <param name="Limits">The limits.</param>
/// <param name="IsDefault">Whether they are the configured defaults.</param>
public sealed record UserQuota(QuotaLimits Limits, bool IsDefault);

internal sealed class GetUserQuotaHandler(IUserStore users, IQuotaStore quotas, GatewayDefaults defaults)
    : IRequestHandler<GetUserQuota, UserQuota>
{
    public async Task<UserQuota> Handle(GetUserQuota query, CancellationToken cancellationToken)
    {
        await users.RequireAsync(query.UserId, cancellationToken);
        var limits = await quotas.FindLimitsAsync(query.UserId, cancellationToken);
        return new(limits ?? defaults.Limits, limits is null);
    }
}
