using AiGateway.Domain;

namespace AiGateway.Application.Ledger;

/// <summary>The result of recomputing every counter.</summary>
/// <param name="Rows">Usage records read.</param>
/// <param name="Held">How many of them are still held.</param>
/// <param name="Differences">Every counter that does not equal its records; empty when the ledger balances.</param>
public sealed record LedgerVerification(long Rows, long Held, IReadOnlyList<LedgerDifference> Differences)
{
    /// <summary>Every counter of a budget that does not equal its records.</summary>
    public IReadOnlyList<BudgetDifference> BudgetDifferences { get; init; } = [];

    /// <summary>Whether every counter equals its records.</summary>
    public bool Balanced => Differences.Count == 0 && BudgetDifferences.Count == 0;
}

/// <summary>One counter of a budget that does not equal its records.</summary>
/// <param name="Scope">What it counts.</param>
/// <param name="Window">The length of its window: <c>day</c>, <c>week</c>, <c>month</c>, <c>quarter</c>, <c>year</c>, <c>total</c>, or such as <c>30 days</c>.</param>
/// <param name="Start">First day of the window.</param>
/// <param name="Field"><c>requests</c>, <c>inFlight</c>, <c>settledTokens</c>, <c>heldTokens</c>, <c>settled</c> or <c>held</c>; amounts are nano-dollars.</param>
/// <param name="Counter">The value of the counter.</param>
/// <param name="Records">The sum of the records.</param>
public sealed record BudgetDifference(CountedScope Scope, string Window, DateOnly Start, string Field, long Counter, long Records);

/// <summary>One counter that does not equal its records.</summary>
/// <param name="UserId">The counter's user.</param>
/// <param name="Period">The period of the counter.</param>
/// <param name="Field"><c>requests</c>, <c>settled</c> or <c>held</c>; amounts are nano-dollars.</param>
/// <param name="Counter">The value of the counter.</param>
/// <param name="Records">The sum of the records.</param>
public sealed record LedgerDifference(Guid UserId, QuotaPeriod Period, string Field, long Counter, long Records);
