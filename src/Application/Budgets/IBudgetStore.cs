using AiGateway.Application.Administration;
using AiGateway.Domain;

namespace AiGateway.Application.Budgets;

/// <summary>Budgets of scopes, and their use.</summary>
public interface IBudgetStore
{
    /// <summary>Whether there is such a scope.</summary>
    Task<bool> ExistsAsync(ScopeKind kind, Guid id, CancellationToken cancellationToken);

    /// <summary>The budgets of a scope with their use at this time. A budget for each end user has no use of its own.</summary>
    Task<ScopeBudgets> ReadAsync(ScopeKind kind, Guid id, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>
    /// Replaces the budgets of a scope. They apply from the ledger's next decision on, on every gateway. A budget whose use
    /// is counted already goes on with its count; a new one starts with the use of the window that runs.
    /// </summary>
    /// <param name="kind">The kind of the scope.</param>
    /// <param name="id">The scope.</param>
    /// <param name="budgets">Its budgets from now on.</param>
    /// <param name="limits">For a user: its three limits; null: the configured defaults. Unused for others.</param>
    /// <param name="by">The author.</param>
    /// <param name="at">The time of the change.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task ReplaceAsync(
        ScopeKind kind, Guid id, IReadOnlyList<Budget> budgets, QuotaLimits? limits, Actor by, DateTimeOffset at,
        CancellationToken cancellationToken);

    /// <summary>The budgets that apply to a request, with their use, the most specific first.</summary>
    Task<IReadOnlyList<BudgetUse>> ReadAsync(CountedRequest request, CancellationToken cancellationToken);
}

/// <summary>The budgets of a scope.</summary>
/// <param name="Limits">The three limits of a user; null: the configured defaults, or the scope is no user.</param>
/// <param name="Budgets">Its other budgets and their use.</param>
public sealed record ScopeBudgets(QuotaLimits? Limits, IReadOnlyList<BudgetUse> Budgets);
