using AiGateway.Application.Ledger;
using AiGateway.Infrastructure.Ledger.Operations;
using AiGateway.Infrastructure.Ledger.Sql;

namespace AiGateway.Infrastructure.Ledger.Writer;

/// <summary>
/// The records of holds that this gateway wrote. The counters of their settlements are then known before the settlements are
/// written, which saves a round trip. The database decides: a record that it returns otherwise is forgotten here.
/// </summary>
internal sealed class OpenRecords
{
    /// <summary>Most records kept. A settlement without one takes a round trip more.</summary>
    private const int Capacity = 100_000;

    private readonly Dictionary<Guid, CountedRecord> _open = [];
    private bool _isOfUse = true;

    /// <summary>The records of the settlements that are being written; empty when they were read before.</summary>
    public List<CountedRecord> Expected { get; } = [];

    /// <summary>
    /// Writes settlements whose records are all known. They are filled once the counters are locked; false: nothing was done.
    /// </summary>
    public bool TrySettle(ILedgerConnection ledger, LedgerBatch work, List<SettledRecord> settled)
    {
        if (!_isOfUse || work.Raises.Count > 0 || work.Sweep) return false;
        foreach (var each in work.Settlements)
        {
            if (!_open.TryGetValue(each.Settlement.RequestId, out var record))
            {
                Expected.Clear();
                return false;
            }

            Expected.Add(record);
        }

        _isOfUse = ledger.TrySettleLater(work.Settlements, Expected, settled);
        if (_isOfUse) return true;
        Expected.Clear();
        _open.Clear();
        return false;
    }

    /// <summary>
    /// Puts the known records in the place of the equal ones that were read; false when one differs. It is then forgotten,
    /// so the next attempt reads it first.
    /// </summary>
    public bool TryConfirm(List<SettledRecord> settled)
    {
        if (Expected.Count == 0) return true;
        var isSame = true;
        for (var i = 0; i < settled.Count; i++)
        {
            var id = settled[i].Settlement.RequestId;
            if (_open[id].IsSameAs(settled[i].Record)) settled[i] = settled[i] with { Record = _open[id] };
            else isSame = !_open.Remove(id);
        }

        return isSame;
    }

    /// <summary>A hold is committed.</summary>
    public void Add(Hold hold)
    {
        if (!_isOfUse) return;
        if (_open.Count >= Capacity) _open.Clear();
        _open[hold.RequestId] = CountedRecord.Of(hold);
    }

    /// <summary>A settlement or a raise is committed: what is known of the record is no longer needed, or no longer right.</summary>
    public void Remove(Guid requestId) => _open.Remove(requestId);
}
