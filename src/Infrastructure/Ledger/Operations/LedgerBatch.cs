namespace AiGateway.Infrastructure.Ledger.Operations;

/// <summary>The operations of one transaction.</summary>
internal sealed class LedgerBatch
{
    /// <summary>Requests of this process whose leases are due.</summary>
    public List<Guid> Renewals { get; } = [];

    /// <summary>Settlements, in order of arrival.</summary>
    public List<SettleOperation> Settlements { get; } = [];

    /// <summary>Raises of holds, in order of arrival.</summary>
    public List<RaiseOperation> Raises { get; } = [];

    /// <summary>Whether to look for holds with an expired lease.</summary>
    public bool Sweep { get; set; }

    /// <summary>The expired holds that the sweep found.</summary>
    public int Expired { get; set; }

    /// <summary>Whether the sweep filled the transaction, so more expired holds may exist.</summary>
    public bool SweepIsUnfinished { get; set; }

    /// <summary>Holds, in order of arrival.</summary>
    public List<HoldOperation> Holds { get; } = [];

    /// <summary>Holds, raises and settlements.</summary>
    public int Operations => Settlements.Count + Raises.Count + Holds.Count;

    public int Count => Renewals.Count + Settlements.Count + Raises.Count + (Sweep ? 1 : 0) + Holds.Count;

    /// <summary>The request of the only operation; null for a sweep.</summary>
    public Guid? OnlyRequestId => this switch
    {
        { Renewals: [var id] } => id,
        { Settlements: [var settlement] } => settlement.Settlement.RequestId,
        { Raises: [var raise] } => raise.Raise.RequestId,
        { Holds: [var hold] } => hold.Hold.RequestId,
        _ => null,
    };

    public void Clear()
    {
        Renewals.Clear();
        Settlements.Clear();
        Raises.Clear();
        Sweep = false;
        Holds.Clear();
    }

    /// <summary>The same operations, one by one and in the same order.</summary>
    public IEnumerable<LedgerBatch> Split()
    {
        foreach (var id in Renewals) yield return new LedgerBatch { Renewals = { id } };
        foreach (var settlement in Settlements) yield return new LedgerBatch { Settlements = { settlement } };
        foreach (var raise in Raises) yield return new LedgerBatch { Raises = { raise } };
        if (Sweep) yield return new LedgerBatch { Sweep = true };
        foreach (var hold in Holds) yield return new LedgerBatch { Holds = { hold } };
    }
}
