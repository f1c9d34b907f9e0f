using AiGateway.Domain;

namespace AiGateway.Application.Usage;

/// <summary>The result of recomputing every counter.</summary>
/// <param name="Rows">Usage records read.</param>
/// <param name="Held">How many of them are still held.</param>
/// <param name="Differences">Every counter that does not equal its records; empty when the ledger balances.</param>
public sealed record LedgerVerification(long Rows, long Held, IReadOnlyList<LedgerDifference> Differences)
{
    /// <summary>Whether every counter equals its records.</summary>
    public bool Balanced => Differences.Count == 0;
}

/// <summary>One counter that does not equal its records.</summary>
/// <param name="UserId">The counter's user.</param>
/// <param name="Period">The period of the counter.</param>
/// <param name="Field"><c>requests</c>, <c>settled</c> or <c>held</c>; amounts are nano-dollars.</param>
/// <param name="Counter">The value of the counter.</param>
/// <param name="Records">The sum of the records.</param>
public sealed record LedgerDifference(Guid UserId, QuotaPeriod Period, string Field, long Counter, long Records);
