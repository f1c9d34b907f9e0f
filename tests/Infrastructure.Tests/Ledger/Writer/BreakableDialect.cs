using System.Data.Common;
using AiGateway.Application.Ledger;
using AiGateway.Domain;
using AiGateway.Infrastructure.Ledger.Operations;
using AiGateway.Infrastructure.Ledger.Rates;
using AiGateway.Infrastructure.Ledger.Sql;

namespace AiGateway.Infrastructure.Tests.Ledger.Writer;

/// <summary>The real dialect, with a failure that the test sets before or after a step.</summary>
internal sealed class BreakableDialect(ILedgerDialect real) : ILedgerDialect
{
    private ILedgerDialect _real = real;

    /// <summary>Called before every call of the database, from opening a connection to the commit.</summary>
    public Action BeforeCall { get; set; } = () => { };

    public Action BeforeBegin { get; set; } = () => { };

    public Action BeforeInsert { get; set; } = () => { };

    public Action BeforeCommit { get; set; } = () => { };

    public Action AfterCommit { get; set; } = () => { };

    /// <summary>Whether the transaction only stores what the next one needs: counters of budgets and charge sets.</summary>
    public bool IsPreparing { get; private set; }

    /// <summary>Moves the same failures to the dialect of another writer.</summary>
    public BreakableDialect Around(ILedgerDialect other)
    {
        _real = other;
        return this;
    }

    public bool IsShared => _real.IsShared;

    public ILedgerConnection Open()
    {
        BeforeCall();
        return new BreakableConnection(this, _real.Open());
    }

    public bool IsConnectionLost(Exception failure) => failure is CutException || _real.IsConnectionLost(failure);

    public LedgerFault FaultOf(Exception failure) => failure is CollisionException ? LedgerFault.Collision : _real.FaultOf(failure);

    private sealed class BreakableConnection(BreakableDialect dialect, ILedgerConnection real) : ILedgerConnection
    {
        public DbConnection Connection => real.Connection;

        public void Begin()
        {
            dialect.BeforeCall();
            dialect.BeforeBegin();
            dialect.IsPreparing = true;
            real.Begin();
        }

        public void Renew(IReadOnlyList<Guid> requestIds, DateTimeOffset leaseExpiresAt)
        {
            dialect.BeforeCall();
            dialect.IsPreparing = false;
            real.Renew(requestIds, leaseExpiresAt);
        }

        public void Settle(IReadOnlyList<SettleOperation> settlements, ICollection<SettledRecord> settled)
        {
            dialect.BeforeCall();
            dialect.IsPreparing = false;
            real.Settle(settlements, settled);
        }

        public bool TrySettleLater(
            IReadOnlyList<SettleOperation> settlements, IReadOnlyList<CountedRecord> expected, ICollection<SettledRecord> settled)
        {
            dialect.BeforeCall();
            dialect.IsPreparing = false;
            return real.TrySettleLater(settlements, expected, settled);
        }

        public void Raise(IReadOnlyList<HoldRaise> raises, ICollection<RaisedRecord> raised)
        {
            dialect.BeforeCall();
            dialect.IsPreparing = false;
            real.Raise(raises, raised);
        }

        public void Expire(DateTimeOffset now, int limit, ICollection<CountedRecord> expired)
        {
            dialect.BeforeCall();
            dialect.IsPreparing = false;
            real.Expire(now, limit, expired);
        }

        public BudgetEpoch LockCounters(IReadOnlyList<NeededCounter> needed, IDictionary<CounterKey, Counter> counters)
        {
            dialect.BeforeCall();
            return real.LockCounters(needed, counters);
        }

        public void ReadLimits(IReadOnlyCollection<Guid> userIds, IDictionary<Guid, QuotaLimits> limits)
        {
            dialect.BeforeCall();
            dialect.IsPreparing = false;
            real.ReadLimits(userIds, limits);
        }

        public void LockRates(LockedRates rates, DateTimeOffset now)
        {
            dialect.BeforeCall();
            real.LockRates(rates, now);
        }

        public void Insert(IReadOnlyList<Hold> holds, DateTimeOffset leaseExpiresAt)
        {
            dialect.BeforeCall();
            dialect.BeforeInsert();
            real.Insert(holds, leaseExpiresAt);
        }

        public void SaveCounters(IReadOnlyList<Counter> counters)
        {
            dialect.BeforeCall();
            real.SaveCounters(counters);
        }

        public void SaveRates(IReadOnlyCollection<RateState> rates)
        {
            dialect.BeforeCall();
            real.SaveRates(rates);
        }

        public void Commit()
        {
            dialect.BeforeCall();
            dialect.BeforeCommit();
            real.Commit();
            dialect.AfterCommit();
        }

        public void Rollback() => real.Rollback();

        public void Dispose() => real.Dispose();
    }
}

/// <summary>Stands for an engine's own exception when it rolls a transaction back because of another one.</summary>
internal sealed class CollisionException : Exception;

/// <summary>Stands for an engine's own exception when the connection was cut.</summary>
internal sealed class CutException : Exception;
