using AiGateway.Application.Ledger;
using AiGateway.Application.Usage;
using MediatR;

namespace AiGateway.Application.Receipts;

/// <summary>The receipt of a user's own request.</summary>
/// <param name="UserId">The user.</param>
/// <param name="RequestId">The request.</param>
public sealed record GetOwnReceipt(Guid UserId, Guid RequestId) : IRequest<Receipt>, IReadsLedger;

internal sealed class GetOwnReceiptHandler(ReceiptReader receipts) : IRequestHandler<GetOwnReceipt, Receipt>
{
    public Task<Receipt> Handle(GetOwnReceipt query, CancellationToken cancellationToken) =>
        receipts.ReadAsync(query.RequestId, new UsageSelection { UserId = query.UserId }, cancellationToken);
}
