namespace AiGateway.Infrastructure.Ledger.Writer;

/// <summary>Open holds of this process, and when their leases were last renewed. Used only by the writer.</summary>
internal sealed class HoldLeases(TimeSpan renewAfter)
{
    private readonly Dictionary<Guid, DateTimeOffset> _renewedAt = [];

    public bool IsEmpty => _renewedAt.Count == 0;

    /// <summary>May be read from any thread; it is then an approximation.</summary>
    public int Count => _renewedAt.Count;

    public void Add(Guid requestId, DateTimeOffset now) => _renewedAt[requestId] = now;

    public void Remove(Guid requestId) => _renewedAt.Remove(requestId);

    /// <summary>Notes a renewal, unless the hold has ended meanwhile.</summary>
    public void Renewed(Guid requestId, DateTimeOffset now)
    {
        if (_renewedAt.ContainsKey(requestId)) _renewedAt[requestId] = now;
    }

    /// <summary>Adds holds whose renewal is due, at most this many; false when there are more.</summary>
    public bool AddDue(List<Guid> due, DateTimeOffset now, int limit)
    {
        foreach (var (requestId, renewedAt) in _renewedAt)
        {
            if (now - renewedAt < renewAfter) continue;
            if (due.Count == limit) return false;
            due.Add(requestId);
        }

        return true;
    }
}
