using AiGateway.Infrastructure.Ledger.Operations;

namespace AiGateway.Infrastructure.Ledger.Writer;

/// <summary>
/// The queue of work for the one writer. Holds are bounded. Settlements are not, because each belongs to an admitted hold.
/// Under load the writer waits a moment to collect work: a commit costs the same for one operation as for fifty, and more
/// than the operations. Settlements without a waiting request are always collected until a hold can share their commit.
/// </summary>
/// <param name="holdCapacity">Most holds that wait at once.</param>
/// <param name="moment">How long work is collected, which is the longest extra wait of a request. Default 1 ms.</param>
internal sealed class LedgerQueue(int holdCapacity, TimeSpan? moment = null)
{
    /// <summary>A batch of this size suggests that more work follows within the moment.</summary>
    public const int Busy = 8;

    /// <summary>This many operations justify a commit at once.</summary>
    public const int Enough = 48;

    private readonly TimeSpan _moment = moment ?? TimeSpan.FromMilliseconds(1);
    private readonly object _gate = new();
    private readonly Queue<HoldOperation> _holds = new();
    private readonly Queue<SettleOperation> _settlements = new();
    private readonly Queue<RaiseOperation> _raises = new();

    // Settlements that the database has not accepted yet.
    private readonly Queue<SettleOperation> _kept = new();
    private LedgerBatch? _underWay;
    private bool _writerSleeps;
    private bool _writerGathers;
    private int _lastTaken;
    private bool _isWoken;
    private bool _isClosed;
    private bool _isEnded;

    /// <summary>Operations that wait.</summary>
    public int Depth
    {
        get
        {
            lock (_gate) return _holds.Count + _settlements.Count + _raises.Count + _kept.Count;
        }
    }

    /// <summary>False when it is full or closed.</summary>
    public bool TryAdd(HoldOperation hold)
    {
        lock (_gate)
        {
            if (_isClosed || _holds.Count >= holdCapacity) return false;
            _holds.Enqueue(hold);
            WakeWriter();
            return true;
        }
    }

    /// <summary>False when the writer has ended.</summary>
    public bool TryAdd(SettleOperation settlement)
    {
        lock (_gate)
        {
            if (_isEnded) return false;
            _settlements.Enqueue(settlement);
            WakeWriter();
            return true;
        }
    }

    /// <summary>False when the writer has ended. There is at most one for each admitted hold.</summary>
    public bool TryAdd(RaiseOperation raise)
    {
        lock (_gate)
        {
            if (_isEnded) return false;
            _raises.Enqueue(raise);
            WakeWriter();
            return true;
        }
    }

    /// <summary>Wakes the writer for work that is not in the queue.</summary>
    public void Wake()
    {
        lock (_gate)
        {
            _isWoken = true;
            WakeWriter();
        }
    }

    /// <summary>Admits no more holds; queued work is still written.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = _isWoken = true;
            WakeWriter();
        }
    }

    /// <summary>Keeps a settlement for the next batch. Only the writer calls it, and it is never refused.</summary>
    public void Keep(SettleOperation settlement)
    {
        lock (_gate) _kept.Enqueue(settlement);
    }

    /// <summary>Adds the waiting operations to the batch; if requested, waits for the first one.</summary>
    public void Take(LedgerBatch work, int limit, bool wait)
    {
        lock (_gate)
        {
            while (wait && !_isWoken && _kept.Count == 0 && _settlements.Count == 0 && _raises.Count == 0 && _holds.Count == 0)
            {
                _writerSleeps = true;
                Monitor.Wait(_gate);
                _writerSleeps = false;
            }

            if (wait) Gather();
            _isWoken = false;
            _underWay = work;
            while (work.Count < limit && _kept.TryDequeue(out var kept)) work.Settlements.Add(kept);
            while (work.Count < limit && _settlements.TryDequeue(out var settlement)) work.Settlements.Add(settlement);
            while (work.Count < limit && _raises.TryDequeue(out var raise)) work.Raises.Add(raise);
            while (work.Count < limit && _holds.TryDequeue(out var hold))
            {
                if (hold.TryTake()) work.Holds.Add(hold);
            }

            _lastTaken = work.Settlements.Count + work.Holds.Count;
        }
    }

    /// <summary>The batch is finished, or put back.</summary>
    public void Finish(LedgerBatch work)
    {
        lock (_gate) work.Clear();
    }

    /// <summary>Finds operations, queued or in progress, that have waited since this timestamp or longer.</summary>
    public void FindWaiting(long since, List<HoldOperation> holds, List<SettleOperation> settlements, List<RaiseOperation> raises)
    {
        lock (_gate)
        {
            raises.AddRange(_raises.Concat(_underWay?.Raises ?? []).Where(raise => raise.QueuedAt <= since));
            holds.AddRange(_holds.Where(hold => hold.QueuedAt <= since));
            settlements.AddRange(_settlements.Concat(_kept).Where(settlement => settlement.QueuedAt <= since));
            if (_underWay is null) return;
            holds.AddRange(_underWay.Holds.Where(hold => hold.QueuedAt <= since));
            settlements.AddRange(_underWay.Settlements.Where(settlement => settlement.QueuedAt <= since));
        }
    }

    /// <summary>
    /// The settlements, queued or in progress, that are not written yet, except those that have waited too long.
    /// </summary>
    public List<Task> FindUnwritten()
    {
        lock (_gate)
        {
            var unwritten = _settlements.Concat(_kept).Concat(_underWay?.Settlements ?? []);
            return [.. unwritten.Select(settlement => settlement.Task).Where(task => !task.IsCompleted)];
        }
    }

    /// <summary>True when it is closed and empty; from then on it admits nothing.</summary>
    public bool TryEnd()
    {
        lock (_gate)
        {
            return _isEnded = _isClosed && _kept.Count == 0 && _settlements.Count == 0 && _raises.Count == 0 && _holds.Count == 0;
        }
    }

    /// <summary>Admits nothing any more, and returns the operations that will not be written.</summary>
    public (IReadOnlyCollection<HoldOperation> Holds, int Settlements) End()
    {
        lock (_gate)
        {
            _isClosed = _isEnded = true;
            var left = (_holds.ToArray(), _settlements.Count + _kept.Count);
            _holds.Clear();
            _settlements.Clear();
            _kept.Clear();
            foreach (var raise in _raises) raise.TrySetResult(false);
            _raises.Clear();
            return left;
        }
    }

    private bool IsEnough()
    {
        if (_isWoken || _isClosed || _kept.Count > 0 || _raises.Count > 0) return true;
        if (_lastTaken >= Busy) return _settlements.Count + _holds.Count >= Enough;
        return _holds.Count > 0 || (_settlements.TryPeek(out var first) && first.IsAwaited);
    }

    private void Gather()
    {
        if (IsEnough()) return;
        _writerGathers = true;
        Monitor.Wait(_gate, _moment);
        _writerGathers = false;
    }

    private void WakeWriter()
    {
        if (_writerSleeps || (_writerGathers && IsEnough())) Monitor.Pulse(_gate);
    }
}
