using AiGateway.Domain;

namespace AiGateway.Application.Usage;

/// <summary>What recomputing the books found.</summary>
/// <param name="Rows">Usage records read.</param>
/// <param name="Held">Of them, still held.</param>
/// <param name="Differences">Every counter that does not equal its records; empty when the books balance.</param>
public sealed record LedgerVerification(long Rows, long Held, IReadOnlyList<LedgerDifference> Differences)
{
    /// <summary>Whether every counter equals its records.</summary>
    public bool Balanced => Differences.Count == 0;
}

/// <summary>One counter that does not equal its records.</summary>
/// <param name="UserId">Whose counter.</param>
/// <param name="Period">Of which period.</param>
/// <param name="Field"><c>requests</c>, <c>settled</c> or <c>held</c>; amounts are nano-dollars.</param>
/// <param name="Counter">What the counter says.</param>
/// <param name="Records">What the records add up to.</param>
public sealed record LedgerDifference(Guid UserId, QuotaPeriod Period, string Field, long Counter, long Records);
