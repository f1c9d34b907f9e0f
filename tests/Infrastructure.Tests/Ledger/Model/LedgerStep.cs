using AiGateway.Domain;
using CsCheck;

namespace AiGateway.Infrastructure.Tests.Ledger.Model;

/// <summary>One step of a random history.</summary>
internal abstract record LedgerStep
{
    /// <summary>The number of users in a history.</summary>
    public const int Users = 2;

    private static readonly Gen<LedgerOperation> AnyOperation = Gen.Select(
        Gen.Frequency(
            (8, Gen.Const(OperationKind.Hold)), (5, Gen.Const(OperationKind.Settle)), (3, Gen.Const(OperationKind.Release)),
            (1, Gen.Const(OperationKind.Overrun)), (1, Gen.Const(OperationKind.HoldAgain))),
        Gen.Int[0, 40],
        Gen.Long[0, 60],
        Gen.Int[0, 40],
        (kind, index, amount, age) => new LedgerOperation(kind, index, amount, age));

    private static readonly Gen<OperationList> AnyBatch = AnyOperation.Array[1, 5].Select(all => new OperationList(all));

    private static readonly Gen<OperationList> AnyBatchThatCommits =
        AnyOperation.Where(each => each.Kind != OperationKind.HoldAgain).Array[1, 4].Select(all => new OperationList(all));

    private static readonly Gen<DatabaseFault> AnyFault =
        Gen.Select(Gen.Int[1, 12], Gen.Int[1, 6], Gen.Int[0, 3], (call, times, after) => new DatabaseFault(call, times, after == 0));

    private static readonly Gen<long?> AnyLimit = Gen.Frequency((3, Gen.Long[0, 8].Select(limit => (long?)limit)), (2, Gen.Const((long?)null)));

    private static readonly Gen<QuotaLimits> AnyLimits = Gen.Select(
        AnyLimit, AnyLimit, AnyLimit, (daily, monthly, spend) => new QuotaLimits(daily, monthly * 2, spend * 25));

    /// <summary>Any step. The frequencies make each kind appear in histories of about 20 steps.</summary>
    public static readonly Gen<LedgerStep> Any = Gen.Frequency<LedgerStep>(
        (10, AnyBatch.Select(batch => (LedgerStep)new Batch(batch, null))),
        (3, Gen.Select(AnyBatch, AnyFault, (batch, fault) => (LedgerStep)new Batch(batch, fault))),
        (2, Gen.Select(
            AnyBatchThatCommits, Gen.Bool, AnyBatch, Gen.Bool,
            (inFlight, isWritten, queued, isLong) => (LedgerStep)new Crash(inFlight, isWritten, queued, isLong))),
        (3, Gen.Enum<Jump.Target>().Select(to => (LedgerStep)new Jump(to))),
        (2, Gen.Const((LedgerStep)new Tick())),
        (2, Gen.Select(Gen.Int[0, Users - 1], AnyLimits, (user, limits) => (LedgerStep)new Limit(user, limits))),
        (2, Gen.Select(AnyLimit, AnyLimit, (requests, spend) => (LedgerStep)new BudgetsAbove(requests * 2, spend * 40))));
}

/// <summary>Operations that are written in one transaction, and the fault of the database meanwhile.</summary>
internal sealed record Batch(OperationList Operations, DatabaseFault? Fault) : LedgerStep;

/// <summary>The process dies during a commit, with further operations in the queue, and is started again.</summary>
internal sealed record Crash(OperationList InFlight, bool InFlightIsWritten, OperationList Queued, bool IsDownForLong) : LedgerStep;

/// <summary>The clock advances by more than a lease, in some cases to the last moment of a period.</summary>
internal sealed record Jump(Jump.Target To) : LedgerStep
{
    public enum Target
    {
        BeyondTheLease,
        EndOfDay,
        EndOfMonth,
        EndOfYear,
    }
}

/// <summary>The clock advances by a moment, from the end of a period into the next.</summary>
internal sealed record Tick : LedgerStep;

/// <summary>An administrator sets limits. They may be higher, below the current use, or unlimited.</summary>
internal sealed record Limit(int User, QuotaLimits Limits) : LedgerStep;

/// <summary>
/// An administrator sets or removes budgets: requests a day of the organisation, and spend a month of the team of all users. They start
/// with what is used already.
/// </summary>
internal sealed record BudgetsAbove(long? DailyRequests, long? MonthlySpend) : LedgerStep;

/// <summary>The database fails this many times from the n-th call. Or it commits, and the answer is lost.</summary>
internal sealed record DatabaseFault(int Call, int Times, bool AfterCommit);

internal sealed record LedgerOperation(OperationKind Kind, int Index, long Amount, int AgeMs);

/// <summary>A list of operations that prints its items.</summary>
internal sealed record OperationList(IReadOnlyList<LedgerOperation> Items)
{
    public override string ToString() => $"[{string.Join(", ", Items)}]";
}

internal enum OperationKind
{
    Hold,

    /// <summary>A hold with a request id that is already in the ledger.</summary>
    HoldAgain,

    /// <summary>A settlement of at most the held amount, for a held, settled, expired or unknown request.</summary>
    Settle,

    /// <summary>A settlement of more than the held amount.</summary>
    Overrun,
    Release,
}
