using AiGateway.Application.Administration;
using AiGateway.Domain;

namespace AiGateway.Infrastructure.Persistence.Audit;

/// <summary>Checks rows of the audit log in the order of their sequence numbers, and remembers the first that does not fit.</summary>
internal sealed class AuditChain
{
    private long _rows;
    private AdminAction? _last;
    private AuditFault? _fault;

    public void Add(AdminAction row)
    {
        _fault ??= FaultOf(row);
        _rows++;
        _last = row;
    }

    public AuditVerification ToVerification() =>
        new(_rows, _last is null ? null : new AuditHead(_last.Sequence, Convert.ToHexStringLower(_last.Hash)), _fault);

    private AuditFault? FaultOf(AdminAction row)
    {
        var expected = (_last?.Sequence ?? 0) + 1;
        if (row.Sequence > expected) return new AuditFault(expected, null, AuditProblem.Missing);
        if (!row.Hash.AsSpan().SequenceEqual(row.ComputeHash())) return new AuditFault(row.Sequence, row.Id, AuditProblem.Changed);
        var isLinked = row.PreviousHash.AsSpan().SequenceEqual(_last?.Hash ?? AdminAction.NoHash);
        return isLinked ? null : new AuditFault(row.Sequence, row.Id, AuditProblem.Unlinked);
    }
}
