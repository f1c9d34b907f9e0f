using MediatR;

namespace AiGateway.Application.Ledger;

/// <summary>Recomputes every counter from the usage records.</summary>
public sealed record VerifyLedger : IRequest<LedgerVerification>, IReadsLedger;

internal sealed class VerifyLedgerHandler(ILedger ledger) : IRequestHandler<VerifyLedger, LedgerVerification>
{
    public Task<LedgerVerification> Handle(VerifyLedger query, CancellationToken cancellationToken) =>
        ledger.VerifyAsync(cancellationToken);
}
