using AiGateway.Domain;
using AiGateway.Infrastructure.Ledger.Operations;

namespace AiGateway.Infrastructure.Ledger.Rates;

/// <summary>The rates that one transaction needs, and their use while their rows are locked.</summary>
internal sealed class LockedRates
{
    private readonly List<Rate> _needed = [];
    private readonly Dictionary<RateKey, long> _tats = [];
    private readonly HashSet<RateKey> _asked = [];
    private readonly Dictionary<RateKey, RateState> _changed = [];

    /// <summary>The rates, in the order in which they are locked.</summary>
    public IReadOnlyList<Rate> Needed => _needed;

    /// <summary>The rates that this transaction has changed.</summary>
    public IReadOnlyCollection<RateState> Changed => _changed.Values;

    /// <summary>The clock that all gateways of the database share, read after the rows were locked. In nanoseconds since 1970.</summary>
    public long Now { get; set; }

    public void Clear()
    {
        _needed.Clear();
        _tats.Clear();
        _asked.Clear();
        _changed.Clear();
    }

    public void Need(Rate rate)
    {
        if (_asked.Add(RateKey.Of(rate))) _needed.Add(rate);
    }

    /// <summary>Puts the rates in the order of their keys, which all writers share.</summary>
    public void Sort() => _needed.Sort(static (one, other) => RateKey.Of(one).CompareTo(RateKey.Of(other)));

    /// <summary>The row of a rate is locked.</summary>
    /// <param name="place">Its place among <see cref="Needed"/>.</param>
    /// <param name="tat">As <see cref="Rate.Tat"/>.</param>
    public void Add(int place, long tat) => _tats[RateKey.Of(_needed[place])] = tat;

    /// <summary>The use of a rate now.</summary>
    public RateState StateOf(Rate rate)
    {
        var key = RateKey.Of(rate);
        return _changed.TryGetValue(key, out var state) ? state : new RateState(rate, _tats[key], Now);
    }

    /// <summary>A request was admitted.</summary>
    public void Take(Rate rate, HeldAmount amount)
    {
        var state = StateOf(rate);
        Keep(state, state.Take(state.NeededOf(amount)));
    }

    /// <summary>A request ended. An expired one has given up what it took; its late settlement changes nothing.</summary>
    public void Correct(Rate rate, SettledRecord settled)
    {
        var record = settled.Record;
        if (settled.HasExpired || !rate.WasTakenAt(DateTimeOffset.FromUnixTimeMilliseconds(record.At))) return;
        var usage = settled.Settlement.Usage;
        var (taken, used) = rate.Metric == BudgetMetric.Tokens
            ? (record.HeldTokens, checked(usage.PromptTokens + usage.CompletionTokens))
            : (1, settled.Settlement.Status == UsageStatus.Released ? 0 : 1);
        var state = StateOf(rate);
        Keep(state, state.Correct(taken, used));
    }

    private void Keep(RateState before, RateState after)
    {
        if (after != before) _changed[RateKey.Of(after.Rate)] = after;
    }
}

/// <summary>The key of the row of a rate.</summary>
internal readonly record struct RateKey(Guid ScopeId, BudgetMetric Metric) : IComparable<RateKey>
{
    public static RateKey Of(Rate rate) => new(rate.ScopeId, rate.Metric);

    public int CompareTo(RateKey other) => (ScopeId, (int)Metric).CompareTo((other.ScopeId, (int)other.Metric));
}
