using System.Data.Common;
using AiGateway.Application.Ledger;
using AiGateway.Domain;
using AiGateway.Infrastructure.Ledger.Operations;

namespace AiGateway.Infrastructure.Ledger.Sql;

/// <summary>
/// The operations of the ledger within a transaction. They take lists: an engine behind a network then needs the same few
/// round trips for one operation and for a thousand. An operation without an answer may be deferred and sent with the next
/// one that has an answer. The order of calls is the order of the members here. Usage records are locked before counters,
/// and counters in the order of their keys.
/// </summary>
internal interface ILedgerConnection : IDisposable
{
    /// <summary>For statements that are rare. They run in the transaction.</summary>
    DbConnection Connection { get; }

    void Begin();

    /// <summary>Extends the leases of the held records among these.</summary>
    void Renew(IReadOnlyList<Guid> requestIds, DateTimeOffset leaseExpiresAt);

    /// <summary>
    /// Settles the held or expired records among these and returns what they were; others are left as they are.
    /// </summary>
    void Settle(IReadOnlyList<SettleOperation> settlements, ICollection<SettledRecord> settled);

    /// <summary>
    /// Changes the held amount of these and returns their records; records that are no longer held are left out.
    /// </summary>
    void Raise(IReadOnlyList<HoldRaise> raises, ICollection<RaisedRecord> raised);

    /// <summary>Charges held records with an expired lease at their maximum cost.</summary>
    void Expire(DateTimeOffset now, int limit, ICollection<CountedRecord> expired);

    /// <summary>
    /// The limits set for these users; users without any are left out. They are filled once <see cref="LockCounters"/> has
    /// returned, so both need only one round trip.
    /// </summary>
    void ReadLimits(IReadOnlyCollection<Guid> userIds, IDictionary<Guid, QuotaLimits> limits);

    /// <summary>
    /// Locks these counters in the given order, adding those that are missing and start at zero. Others that are missing are
    /// left out. Until the transaction ends, no budget changes.
    /// </summary>
    /// <returns>The state of the budgets.</returns>
    BudgetEpoch LockCounters(IReadOnlyList<NeededCounter> needed, IDictionary<CounterKey, Counter> counters);

    /// <summary>Writes the records of holds that were granted.</summary>
    void Insert(IReadOnlyList<Hold> holds, DateTimeOffset leaseExpiresAt);

    /// <summary>Writes counters that this transaction has locked.</summary>
    void SaveCounters(IReadOnlyList<Counter> counters);

    /// <summary>Sends deferred operations, and commits.</summary>
    void Commit();

    /// <summary>Undoes sent operations and drops deferred ones.</summary>
    void Rollback();
}

/// <summary>The state of the budgets, as <see cref="BudgetState"/>.</summary>
/// <param name="Number">It grows with each change of a budget.</param>
/// <param name="Budgets">The number of budgets.</param>
internal readonly record struct BudgetEpoch(long Number, long Budgets);
