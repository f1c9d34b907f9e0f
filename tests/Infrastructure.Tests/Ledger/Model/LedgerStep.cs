using AiGateway.Domain;
using CsCheck;

namespace AiGateway.Infrastructure.Tests.Ledger.Model;

/// <summary>One step of a random history.</summary>
internal abstract record LedgerStep
{
    /// <summary>Users in a history.</summary>
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

    /// <summary>Any step, each kind often enough for histories of some 20 steps.</summary>
    public static readonly Gen<LedgerStep> Any = Gen.Frequency<LedgerStep>(
        (10, AnyBatch.Select(batch => (LedgerStep)new Batch(batch, null))),
        (3, Gen.Select(AnyBatch, AnyFault, (batch, fault) => (LedgerStep)new Batch(batch, fault))),
        (2, Gen.Select(
            AnyBatchThatCommits, Gen.Bool, AnyBatch, Gen.Bool,
            (inFlight, isWritten, queued, isLong) => (LedgerStep)new Crash(inFlight, isWritten, queued, isLong))),
        (3, Gen.Enum<Jump.Target>().Select(to => (LedgerStep)new Jump(to))),
        (2, Gen.Const((LedgerStep)new Tick())),
        (2, Gen.Select(Gen.Int[0, Users - 1], AnyLimits, (user, limits) => (LedgerStep)new Limit(user, limits))));
}

/// <summary>Operations that meet in one transaction, and what the database does meanwhile.</summary>
internal sealed record Batch(OperationList Operations, DatabaseFault? Fault) : LedgerStep;

/// <summary>The process dies in the middle of a commit, with more in the queue, and is started again.</summary>
internal sealed record Crash(OperationList InFlight, bool InFlightIsWritten, OperationList Queued, bool IsDownForLong) : LedgerStep;

/// <summary>The clock jumps by more than a lease, to the last moment of a period or not.</summary>
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

/// <summary>A moment goes by, which takes the clock from the end of a period into the next.</summary>
internal sealed record Tick : LedgerStep;

/// <summary>An administrator sets limits: up, down below what is used, or none.</summary>
internal sealed record Limit(int User, QuotaLimits Limits) : LedgerStep;

/// <summary>The database fails this many times, from the n-th call on; or it commits and the answer is lost.</summary>
internal sealed record DatabaseFault(int Call, int Times, bool AfterCommit);

internal sealed record LedgerOperation(OperationKind Kind, int Index, long Amount, int AgeMs);

/// <summary>Prints what is in it.</summary>
internal sealed record OperationList(IReadOnlyList<LedgerOperation> Items)
{
    public override string ToString() => $"[{string.Join(", ", Items)}]";
}

internal enum OperationKind
{
    Hold,

    /// <summary>A hold under an id that is in the ledger.</summary>
    HoldAgain,

    /// <summary>At most the held amount; of a held, ended, expired or unknown request.</summary>
    Settle,

    /// <summary>More than the held amount.</summary>
    Overrun,
    Release,
}
