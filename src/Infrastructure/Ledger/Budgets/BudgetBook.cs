using System.Data.Common;
using AiGateway.Domain;
using AiGateway.Infrastructure.Ledger.Operations;
using AiGateway.Infrastructure.Ledger.Sql;

namespace AiGateway.Infrastructure.Ledger.Budgets;

/// <summary>
/// Budgets, rates and charge sets that the writer has read. Budgets and rates are valid as long as the epoch of the database is
/// the same; charge sets never change. Only the writer uses it.
/// </summary>
internal sealed class BudgetBook
{
    private const int MostRemembered = 100_000;

    // Each scope that was read has an entry here, and one below only if it has rates.
    private readonly Dictionary<Guid, Budget[]> _budgets = [];
    private readonly Dictionary<Guid, Rate[]> _rates = [];
    private readonly Dictionary<Guid, ChargeSet> _sets = [];
    private readonly RememberedLimits _limits = new();
    private BudgetEpoch _epoch = new(-1, 0, 0);

    /// <summary>Whether no scope has a budget or a rate.</summary>
    public bool IsEmpty => _epoch is { Budgets: 0, Rates: 0 };

    /// <summary>The sets that are known to be stored.</summary>
    public IReadOnlyDictionary<Guid, ChargeSet> StoredSets => _sets;

    /// <summary>False when budgets that were read before have changed. They are forgotten then.</summary>
    public bool Follow(BudgetEpoch epoch)
    {
        if (epoch == _epoch) return true;
        var isFirst = _budgets.Count == 0;
        _epoch = epoch;
        Forget();
        return isFirst;
    }

    /// <summary>Remembers a stored set.</summary>
    public void Add(Guid id, ChargeSet set)
    {
        if (_sets.Count >= MostRemembered) _sets.Clear();
        _sets[id] = set;
    }

    /// <summary>The limits that a record counts for, the most specific scope first; null: some must be read first.</summary>
    public CountedLimits? Of(CountedRecord record)
    {
        if (_limits.Find(record) is { } known) return known;
        if (ToRequest(record) is not { } request) return null;
        var counted = new List<CountedBudget>();
        var rates = new List<Rate>();
        foreach (var scope in request.Scopes())
        {
            if (!_budgets.TryGetValue(scope.Id, out var budgets)) return null;
            foreach (var budget in budgets)
            {
                if (request.CountFor(budget, scope) is { } each) counted.Add(each);
            }

            if (_rates.TryGetValue(scope.Id, out var ofScope)) rates.AddRange(ofScope);
        }

        var limits = counted.Count + rates.Count == 0 ? CountedLimits.None : new CountedLimits(counted, rates);
        _limits.Add(record, request, limits);
        return limits;
    }

    /// <summary>Reads what is missing for these records.</summary>
    public void Read(DbConnection connection, IReadOnlyCollection<CountedRecord> records)
    {
        HashSet<Guid> unknown = [.. records.Where(record => record is { ChargeSet: null, ChargeSetId: { } id } && !_sets.ContainsKey(id))
            .Select(static record => record.ChargeSetId!.Value)];
        foreach (var (id, set) in BudgetQueries.ReadSets(connection, null, unknown)) Add(id, set);

        if (_budgets.Count >= MostRemembered) Forget();
        HashSet<Guid> scopes = [.. records.SelectMany(record => ToRequest(record)!.Scopes()).Select(static scope => scope.Id)
            .Where(scope => !_budgets.ContainsKey(scope))];
        foreach (var scope in scopes) _budgets[scope] = [];
        if (_epoch.Budgets > 0)
        {
            foreach (var ofScope in BudgetQueries.ReadBudgets(connection, null, scopes).GroupBy(static budget => budget.ScopeId))
                _budgets[ofScope.Key] = [.. ofScope];
        }

        if (_epoch.Rates == 0) return;
        foreach (var ofScope in RateQueries.Read(connection, scopes).GroupBy(static rate => rate.ScopeId)) _rates[ofScope.Key] = [.. ofScope];
    }

    private void Forget()
    {
        _budgets.Clear();
        _rates.Clear();
        _limits.Clear();
    }

    private CountedRequest? ToRequest(CountedRecord record)
    {
        var set = record.ChargeSet;
        if (set is null && record.ChargeSetId is { } id && !_sets.TryGetValue(id, out set)) return null;
        return new(
            record.UserId, record.ApiKeyId, DateTimeOffset.FromUnixTimeMilliseconds(record.At), record.RequestedModel, record.EndUser, set);
    }
}
