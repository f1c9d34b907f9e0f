using AiGateway.Application.Ports;
using AiGateway.Domain;
using MediatR;

namespace AiGateway.Application.Preferences;

/// <summary>A user's preference; both null when nothing was chosen.</summary>
public sealed record GetPreference(Guid UserId) : IRequest<UserModelPreference>;

internal sealed class GetPreferenceHandler(IUserStore users) : IRequestHandler<GetPreference, UserModelPreference>
{
    public async Task<UserModelPreference> Handle(GetPreference query, CancellationToken cancellationToken) =>
        await users.FindPreferenceAsync(query.UserId, cancellationToken) ?? new UserModelPreference { UserId = query.UserId };
}
