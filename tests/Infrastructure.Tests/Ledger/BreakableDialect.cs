using AiGateway.Application.Usage;
using AiGateway.Domain;
using AiGateway.Infrastructure.Ledger;

namespace AiGateway.Infrastructure.Tests.Ledger;

/// <summary>The real dialect, with a failure of the test's choice before or after a step.</summary>
internal sealed class BreakableDialect(ILedgerDialect real) : ILedgerDialect
{
    public Action BeforeBegin { get; set; } = () => { };

    public Action BeforeInsert { get; set; } = () => { };

    public Action BeforeCommit { get; set; } = () => { };

    public Action AfterCommit { get; set; } = () => { };

    public ILedgerConnection Open() => new Connection(this, real.Open());

    public LedgerFault FaultOf(Exception failure) => failure is CollisionException ? LedgerFault.Collision : real.FaultOf(failure);

    private sealed class Connection(BreakableDialect dialect, ILedgerConnection real) : ILedgerConnection
    {
        public void Begin()
        {
            dialect.BeforeBegin();
            real.Begin();
        }

        public void Renew(IReadOnlyList<Guid> requestIds, DateTimeOffset leaseExpiresAt) => real.Renew(requestIds, leaseExpiresAt);

        public void End(IReadOnlyList<EndOperation> endings, ICollection<EndedRecord> ended) => real.End(endings, ended);

        public void Abandon(DateTimeOffset now, int limit, ICollection<BookedRecord> abandoned) => real.Abandon(now, limit, abandoned);

        public void LockCounters(IReadOnlyList<CounterKey> keys, IDictionary<CounterKey, Counter> counters) =>
            real.LockCounters(keys, counters);

        public void ReadLimits(IReadOnlyCollection<Guid> userIds, IDictionary<Guid, QuotaLimits> limits) =>
            real.ReadLimits(userIds, limits);

        public void Insert(IReadOnlyList<Hold> holds, DateTimeOffset leaseExpiresAt)
        {
            dialect.BeforeInsert();
            real.Insert(holds, leaseExpiresAt);
        }

        public void SaveCounters(IReadOnlyList<Counter> counters) => real.SaveCounters(counters);

        public void Commit()
        {
            dialect.BeforeCommit();
            real.Commit();
            dialect.AfterCommit();
        }

        public void Rollback() => real.Rollback();

        public void Dispose() => real.Dispose();
    }
}

/// <summary>What an engine's own failure is when it undoes a transaction because of another one.</summary>
internal sealed class CollisionException : Exception;
