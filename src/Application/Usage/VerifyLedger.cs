using AiGateway.Application.Pipeline;
using AiGateway.Application.Ports;
using MediatR;

namespace AiGateway.Application.Usage;

/// <summary>Recomputes every counter from the usage records.</summary>
public sealed record VerifyLedger : IRequest<LedgerVerification>, IReadsTheBooks;

internal sealed class VerifyLedgerHandler(ILedger ledger) : IRequestHandler<VerifyLedger, LedgerVerification>
{
    public Task<LedgerVerification> Handle(VerifyLedger query, CancellationToken cancellationToken) =>
        ledger.VerifyAsync(cancellationToken);
}
