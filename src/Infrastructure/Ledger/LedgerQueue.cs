namespace AiGateway.Infrastructure.Ledger;

/// <summary>
/// Where requests leave work for the one writer. Holds are bounded; settlements are not, since each belongs to a hold
/// that was let in.
/// </summary>
internal sealed class LedgerQueue(int holdCapacity)
{
    private readonly object _gate = new();
    private readonly Queue<HoldOperation> _holds = new();
    private readonly Queue<EndOperation> _endings = new();
    private bool _writerSleeps;
    private bool _isWoken;
    private bool _isClosed;
    private bool _isEnded;

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
    public bool TryAdd(EndOperation ending)
    {
        lock (_gate)
        {
            if (_isEnded) return false;
            _endings.Enqueue(ending);
            WakeWriter();
            return true;
        }
    }

    /// <summary>Has the writer look for work that is not in the queue.</summary>
    public void Wake()
    {
        lock (_gate)
        {
            _isWoken = true;
            WakeWriter();
        }
    }

    /// <summary>Lets no more holds in; what is in the queue will still be written.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = _isWoken = true;
            WakeWriter();
        }
    }

    /// <summary>Adds to the work what is waiting; if asked, waits until there is something.</summary>
    public void Take(LedgerWork work, int limit, bool wait)
    {
        lock (_gate)
        {
            while (wait && !_isWoken && _endings.Count == 0 && _holds.Count == 0)
            {
                _writerSleeps = true;
                Monitor.Wait(_gate);
                _writerSleeps = false;
            }

            _isWoken = false;
            while (work.Count < limit && _endings.TryDequeue(out var ending)) work.Endings.Add(ending);
            while (work.Count < limit && _holds.TryDequeue(out var hold))
            {
                if (hold.TryTake()) work.Holds.Add(hold);
            }
        }
    }

    /// <summary>True when it is closed and empty; from then on nothing gets in.</summary>
    public bool TryEnd()
    {
        lock (_gate)
        {
            return _isEnded = _isClosed && _endings.Count == 0 && _holds.Count == 0;
        }
    }

    /// <summary>Lets nothing in any more, and gives back what will not be written.</summary>
    public (IReadOnlyCollection<HoldOperation> Holds, int Endings) End()
    {
        lock (_gate)
        {
            _isClosed = _isEnded = true;
            var left = (_holds.ToArray(), _endings.Count);
            _holds.Clear();
            _endings.Clear();
            return left;
        }
    }

    private void WakeWriter()
    {
        if (_writerSleeps) Monitor.Pulse(_gate);
    }
}
