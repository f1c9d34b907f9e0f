using AiGateway.Infrastructure.Ledger.Operations;

namespace AiGateway.Infrastructure.Ledger.Sql.Postgres;

/// <summary>
/// Counters whose rows are known to be committed, so the statement that adds rows can be left out. The row of a user is never
/// deleted. The row of a budget may be; the ledger then finds it missing and opens it again.
/// </summary>
internal sealed class KnownCounters
{
    private const int MostRemembered = 100_000;

    private readonly HashSet<CounterKey> _known = [];
    private readonly List<CounterKey> _seen = [];

    public bool Contains(CounterKey key) => _known.Contains(key);

    /// <summary>This transaction has the row. It may be one that the transaction itself added.</summary>
    public void Saw(CounterKey key)
    {
        if (!_known.Contains(key)) _seen.Add(key);
    }

    /// <summary>A transaction begins.</summary>
    public void Begin() => _seen.Clear();

    /// <summary>The transaction is committed.</summary>
    public void Committed()
    {
        if (_known.Count + _seen.Count > MostRemembered) _known.Clear();
        _known.UnionWith(_seen);
        _seen.Clear();
    }

    /// <summary>A row that was known is missing.</summary>
    public void Forget() => _known.Clear();
}
