using AiGateway.Domain;
using MediatR;

namespace AiGateway.Application.Usage;

/// <summary>The corrections of a request, oldest first.</summary>
public sealed record ListCorrections(Guid RequestId) : IRequest<IReadOnlyList<UsageCorrection>>;

internal sealed class ListCorrectionsHandler(IUsageCorrections corrections)
    : IRequestHandler<ListCorrections, IReadOnlyList<UsageCorrection>>
{
    public Task<IReadOnlyList<UsageCorrection>> Handle(ListCorrections query, CancellationToken cancellationToken) =>
        corrections.ListAsync(query.RequestId, cancellationToken);
}
