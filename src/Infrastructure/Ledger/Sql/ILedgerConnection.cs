using System.Data.Common;
using AiGateway.Application.Ledger;
using AiGateway.Domain;
using AiGateway.Infrastructure.Ledger.Operations;
using AiGateway.Infrastructure.Ledger.Rates;

namespace AiGateway.Infrastructure.Ledger.Sql;

/// <summary>
/// The operations of the ledger within a transaction. They take lists: an engine behind a network then needs the same few
/// round trips for one operation and for a thousand. An operation without an answer may be deferred and sent with the next
/// one that has an answer. The order of calls is the order of the members here. Usage records are locked before counters,
/// and counters in the order of their keys, then rates in the order of theirs.
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
    /// Settles like <see cref="Settle"/>, for work without raises and without a sweep. The records are filled once
    /// <see cref="LockCounters"/> has returned, so both need only one round trip.
    /// </summary>
    /// <param name="settlements">The settlements.</param>
    /// <param name="expected">The record of each, as this gateway knows it. They may be filled instead of read when the commit checks them.</param>
    /// <param name="settled">Gets the records that were held or expired.</param>
    /// <returns>False: this engine gains nothing by it, and nothing was done.</returns>
    bool TrySettleLater(IReadOnlyList<SettleOperation> settlements, IReadOnlyList<CountedRecord> expected, ICollection<SettledRecord> settled);

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
    /// Locks these rates after all counters, and reads the clock. They are filled once <see cref="LockCounters"/> has returned.
    /// </summary>
    /// <param name="rates">The rates; at least one.</param>
    /// <param name="now">The clock of this gateway, for a database that no other gateway uses.</param>
    void LockRates(LockedRates rates, DateTimeOffset now);

    /// <summary>
    /// Locks these counters in the given order, adding those that are missing and start at zero. Others that are missing are
    /// left out. Until the transaction ends, no budget changes. An engine may answer from memory and lock later; the commit then fails
    /// with <see cref="LedgerFault.Assumption"/> if anything has changed.
    /// </summary>
    /// <returns>The state of the budgets.</returns>
    BudgetEpoch LockCounters(IReadOnlyList<NeededCounter> needed, IDictionary<CounterKey, Counter> counters);

    /// <summary>Writes the records of holds that were granted.</summary>
    void Insert(IReadOnlyList<Hold> holds, DateTimeOffset leaseExpiresAt);

    /// <summary>Writes counters that this transaction has locked.</summary>
    void SaveCounters(IReadOnlyList<Counter> counters);

    /// <summary>Writes rates that this transaction has locked.</summary>
    void SaveRates(IReadOnlyCollection<RateState> rates);

    /// <summary>Sends deferred operations, and commits.</summary>
    void Commit();

    /// <summary>Undoes sent operations and drops deferred ones.</summary>
    void Rollback();
}

/// <summary>The state of the budgets and rates, as <see cref="BudgetState"/>.</summary>
/// <param name="Number">It grows with each change of a budget or a rate.</param>
/// <param name="Budgets">The number of budgets.</param>
/// <param name="Rates">The number of rates.</param>
internal readonly record struct BudgetEpoch(long Number, long Budgets, long Rates);
