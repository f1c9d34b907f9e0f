using AiGateway.Application.Usage;
using AiGateway.Domain;

namespace AiGateway.Infrastructure.Ledger;

/// <summary>
/// The few things that the ledger does in a transaction. They take lists, so that an engine behind a network needs the same
/// few round trips for one operation and for a thousand: what has no answer may be put off and sent with the next call that
/// has one. The order of calls within a transaction is the order of the members here; rows of usage records are locked
/// before counters, and counters in the order of their keys.
/// </summary>
internal interface ILedgerConnection : IDisposable
{
    void Begin();

    /// <summary>Extends the leases of those that are still held.</summary>
    void Renew(IReadOnlyList<Guid> requestIds, DateTimeOffset leaseExpiresAt);

    /// <summary>Ends those that are held or expired, and tells what they were; the others are left as they are.</summary>
    void End(IReadOnlyList<EndOperation> endings, ICollection<EndedRecord> ended);

    /// <summary>Changes what is held for these, and tells what they are; those that are not held any more are left out.</summary>
    void Raise(IReadOnlyList<HoldRaise> raises, ICollection<RaisedRecord> raised);

    /// <summary>Books held records with an expired lease at their worst case.</summary>
    void Expire(DateTimeOffset now, int limit, ICollection<BookedRecord> expired);

    /// <summary>
    /// The limits set for these users; users without any are left out. They are there once <see cref="LockCounters"/> has
    /// returned, so that both can go in one round trip.
    /// </summary>
    void ReadLimits(IReadOnlyCollection<Guid> userIds, IDictionary<Guid, QuotaLimits> limits);

    /// <summary>Locks these counters in the given order, adding those that are missing.</summary>
    void LockCounters(IReadOnlyList<CounterKey> keys, IDictionary<CounterKey, Counter> counters);

    /// <summary>Writes the records of holds that were granted.</summary>
    void Insert(IReadOnlyList<Hold> holds, DateTimeOffset leaseExpiresAt);

    /// <summary>Writes counters that this transaction has locked.</summary>
    void SaveCounters(IReadOnlyList<Counter> counters);

    /// <summary>Sends what was put off, and commits.</summary>
    void Commit();

    /// <summary>Undoes what was sent, and forgets what was put off.</summary>
    void Rollback();
}

/// <summary>The counters that a usage record counts in, and the amount that was held for it.</summary>
/// <param name="UserId">Whose.</param>
/// <param name="Day">Its day, as yyyymmdd.</param>
/// <param name="Month">The first day of its month, as yyyymmdd.</param>
/// <param name="HeldNanoUsd">What is, or was, held.</param>
internal readonly record struct BookedRecord(Guid UserId, int Day, int Month, long HeldNanoUsd)
{
    public CounterKey DayKey => new(UserId, PeriodKind.Day, Day);

    public CounterKey MonthKey => new(UserId, PeriodKind.Month, Month);
}

/// <summary>A usage record that was just ended.</summary>
/// <param name="Record">The record.</param>
/// <param name="Settlement">How it ended.</param>
/// <param name="HasExpired">Whether its worst case had been booked before.</param>
internal readonly record struct EndedRecord(BookedRecord Record, Settlement Settlement, bool HasExpired)
{
    /// <summary>What that does to its counters.</summary>
    public CounterChange Change => (Settlement.Status, HasExpired) switch
    {
        (UsageStatus.Released, false) => CounterChange.Release(Record.HeldNanoUsd),
        (UsageStatus.Released, true) => CounterChange.ReleaseExpired(Record.HeldNanoUsd),
        (_, false) => CounterChange.Settle(Record.HeldNanoUsd, Settlement.CostNanoUsd),
        (_, true) => CounterChange.SettleExpired(Record.HeldNanoUsd, Settlement.CostNanoUsd),
    };
}
