using AiGateway.Application.Administration;
using AiGateway.Application.Progress;
using MediatR;

namespace AiGateway.Application.Ledger;

/// <summary>Recomputes every counter from the usage records, and checks the audit log.</summary>
public sealed record VerifyLedger : IRequest<Verification>, IReadsLedger;

/// <summary>What the verification found.</summary>
/// <param name="Ledger">The counters.</param>
/// <param name="Audit">The audit log.</param>
public sealed record Verification(LedgerVerification Ledger, AuditVerification Audit)
{
    /// <summary>Whether nothing differs.</summary>
    public bool IsSound => Ledger.Balanced && Audit.Unbroken;
}

internal sealed class VerifyLedgerHandler(ILedger ledger, IAuditLog audit, IWorkProgress progress) : IRequestHandler<VerifyLedger, Verification>
{
    public async Task<Verification> Handle(VerifyLedger query, CancellationToken cancellationToken)
    {
        var verified = await ledger.VerifyAsync(cancellationToken);
        using var step = progress.Begin("Check the audit log");
        return new Verification(verified, await audit.VerifyAsync(cancellationToken));
    }
}
