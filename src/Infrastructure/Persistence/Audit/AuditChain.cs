using AiGateway.Application.Administration;
using AiGateway.Domain;

namespace AiGateway.Infrastructure.Persistence.Audit;

/// <summary>
/// Checks rows of the audit log in the order of their sequence numbers, and remembers the first that does not fit. A row whose
/// members do not give its hash fits when a later erasure names it with the hash that they do give.
/// </summary>
internal sealed class AuditChain
{
    private readonly SortedDictionary<long, (Guid Id, string Hash)> _changed = [];
    private readonly HashSet<long> _erased = [];
    private long _rows;
    private AdminAction? _last;
    private AuditFault? _fault;

    public void Add(AdminAction row)
    {
        _fault ??= FaultOf(row);
        if (row.Hash.AsSpan().SequenceEqual(row.ComputeHash())) Accept(row);
        else _changed.Add(row.Sequence, (row.Id, AuditErasure.HashOf(row)));
        _rows++;
        _last = row;
    }

    public AuditVerification ToVerification()
    {
        var fault = _fault;
        foreach (var (sequence, (id, _)) in _changed)
        {
            if (_erased.Contains(sequence)) continue;
            if (fault is null || sequence <= fault.Sequence) fault = new AuditFault(sequence, id, AuditProblem.Changed);
            break;
        }

        return new(_rows, _last is null ? null : new AuditHead(_last.Sequence, Convert.ToHexStringLower(_last.Hash)), fault);
    }

    private void Accept(AdminAction row)
    {
        foreach (var erased in AuditErasure.ReadErased(row))
        {
            if (_changed.TryGetValue(erased.Sequence, out var changed) && changed.Hash == erased.Hash) _erased.Add(erased.Sequence);
        }
    }

    private AuditFault? FaultOf(AdminAction row)
    {
        var expected = (_last?.Sequence ?? 0) + 1;
        if (row.Sequence > expected) return new AuditFault(expected, null, AuditProblem.Missing);
        var isLinked = row.PreviousHash.AsSpan().SequenceEqual(_last?.Hash ?? AdminAction.NoHash);
        return isLinked ? null : new AuditFault(row.Sequence, row.Id, AuditProblem.Unlinked);
    }
}
