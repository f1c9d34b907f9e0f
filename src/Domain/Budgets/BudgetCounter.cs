namespace AiGateway.Domain;

/// <summary>
/// The use of a scope in one window. It equals the sum over its usage records at every committed state; only the ledger
/// writes it. It exists once a budget needs it.
/// </summary>
public sealed class BudgetCounter
{
    /// <summary>The id of what is counted: the scope itself, or derived from scope, model and end user.</summary>
    public required Guid Id { get; init; }

    /// <summary>The length of the window, as <see cref="BudgetWindow.Code"/>.</summary>
    public required int Window { get; init; }

    /// <summary>First day of the window, in the scope's time zone.</summary>
    public required DateOnly Start { get; init; }

    /// <summary>The kind of the scope.</summary>
    public required ScopeKind ScopeKind { get; init; }

    /// <summary>The scope.</summary>
    public required Guid ScopeId { get; init; }

    /// <summary>The counted models, as <see cref="Budget.Model"/>; null: all.</summary>
    public string? Model { get; init; }

    /// <summary>The counted end user; empty: requests without one; null: all.</summary>
    public string? EndUser { get; init; }

    /// <summary>Requests held, settled or expired; released ones do not count.</summary>
    public long Requests { get; init; }

    /// <summary>Requests in progress.</summary>
    public long InFlight { get; init; }

    /// <summary>Tokens of settled and expired requests.</summary>
    public long SettledTokens { get; init; }

    /// <summary>Most tokens of requests in progress.</summary>
    public long HeldTokens { get; init; }

    /// <summary>Cost of settled and expired requests, in nano-dollars.</summary>
    public long SettledNanoUsd { get; init; }

    /// <summary>Maximum cost of requests in progress, in nano-dollars.</summary>
    public long HeldNanoUsd { get; init; }
}
