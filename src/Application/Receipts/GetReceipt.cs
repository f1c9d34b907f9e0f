using AiGateway.Application.Administration;
using AiGateway.Application.Ledger;
using AiGateway.Application.Usage;
using MediatR;

namespace AiGateway.Application.Receipts;

/// <summary>The receipt of any request; for an administrator of a team, of those that were charged to it.</summary>
/// <param name="By">The administrator.</param>
/// <param name="RequestId">The request.</param>
public sealed record GetReceipt(Actor By, Guid RequestId) : IRequest<Receipt>, IReadsLedger, IWithinTeam
{
    IEnumerable<TeamTarget> IWithinTeam.Targets => [];
}

internal sealed class GetReceiptHandler(ReceiptReader receipts) : IRequestHandler<GetReceipt, Receipt>
{
    public Task<Receipt> Handle(GetReceipt query, CancellationToken cancellationToken) =>
        receipts.ReadAsync(query.RequestId, new UsageSelection { Reach = query.By.Reach }, cancellationToken);
}
