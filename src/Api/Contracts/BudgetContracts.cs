using System.Text.Json.Serialization;

namespace AiGateway.Api.Contracts;

/// <summary>New budgets of a scope. They replace its budgets.</summary>
public sealed record BudgetsRequest
{
    /// <summary>At most 50; empty: the scope has no limit of its own.</summary>
    public IReadOnlyList<BudgetRequest?>? Budgets { get; init; }
}

/// <summary>One budget: so much of a metric in each window.</summary>
public sealed record BudgetRequest
{
    /// <summary><c>requests</c>, <c>tokens</c> (prompt and completion), <c>spend</c>, or <c>concurrent</c> (requests in progress at once).</summary>
    /// <example>spend</example>
    public string? Metric { get; init; }

    /// <summary>
    /// <c>day</c>, <c>week</c> (from Monday), <c>month</c>, <c>quarter</c>, <c>year</c>, <c>total</c> or <c>days</c>, in the time
    /// zone of the scope. Absent for <c>concurrent</c>.
    /// </summary>
    /// <example>month</example>
    public string? Window { get; init; }

    /// <summary>Length of a window of <c>days</c>, 1 to 3,660.</summary>
    public int? Days { get; init; }

    /// <summary>First day of the first window of <c>days</c>; default: the day of the change.</summary>
    public DateOnly? From { get; init; }

    /// <summary>The limit: requests, tokens, or dollars with at most 9 decimals. A number, or a decimal text.</summary>
    /// <example>20.00</example>
    [JsonConverter(typeof(AmountConverter))]
    public decimal? Amount { get; init; }

    /// <summary><c>hard</c> (default): requests beyond it are refused. <c>soft</c>: it only raises alerts.</summary>
    public string? Mode { get; init; }

    /// <summary>Counts only requests that may use such a model: an exact name, or a prefix that ends with <c>*</c>; default: all.</summary>
    /// <example>gpt-6*</example>
    public string? Model { get; init; }

    /// <summary>Whether each end user (the request's <c>user</c>) has the amount for itself. Requests without one share one.</summary>
    public bool PerEndUser { get; init; }

    /// <summary>It limits requests from this instant on. A second budget with dates is a temporary increase or an extra limit.</summary>
    public DateTimeOffset? ValidFrom { get; init; }

    /// <summary>It limits requests before this instant.</summary>
    public DateTimeOffset? ValidTo { get; init; }

    /// <summary>Most of the unused amount of a window that is added to the next; default: none.</summary>
    [JsonConverter(typeof(AmountConverter))]
    public decimal? RollOverCap { get; init; }

    /// <summary>Percentages of use at which an alert is raised, 1 to 100, at most 10.</summary>
    public IReadOnlyList<int>? AlertPercents { get; init; }
}

/// <summary>The budgets of a scope and their use.</summary>
/// <param name="IsDefault">Whether they are the configured defaults of users, because the user has none of its own.</param>
/// <param name="Budgets">The budgets.</param>
public sealed record BudgetsResponse(bool IsDefault, IReadOnlyList<BudgetResponse> Budgets);

/// <summary>One budget and its use. Amounts are requests, tokens, or dollars.</summary>
public sealed record BudgetResponse
{
    /// <summary>Whose budget it is.</summary>
    public required BudgetScopeResponse Scope { get; init; }

    /// <summary>The name in refusals, such as <c>monthly_spend</c>.</summary>
    public required string Limit { get; init; }

    /// <summary>As in <see cref="BudgetRequest.Metric"/>.</summary>
    public required string Metric { get; init; }

    /// <summary>As in <see cref="BudgetRequest.Window"/>.</summary>
    public required string? Window { get; init; }

    /// <summary>As in <see cref="BudgetRequest.Days"/>.</summary>
    public required int? Days { get; init; }

    /// <summary>As in <see cref="BudgetRequest.From"/>.</summary>
    public required DateOnly? From { get; init; }

    /// <summary>The limit of each window.</summary>
    public required decimal Amount { get; init; }

    /// <summary><c>hard</c> or <c>soft</c>.</summary>
    public required string Mode { get; init; }

    /// <summary>As in <see cref="BudgetRequest.Model"/>.</summary>
    public required string? Model { get; init; }

    /// <summary>As in <see cref="BudgetRequest.PerEndUser"/>. The use is then that of requests without an end user.</summary>
    public required bool PerEndUser { get; init; }

    /// <summary>As in <see cref="BudgetRequest.ValidFrom"/>.</summary>
    public required DateTimeOffset? ValidFrom { get; init; }

    /// <summary>As in <see cref="BudgetRequest.ValidTo"/>.</summary>
    public required DateTimeOffset? ValidTo { get; init; }

    /// <summary>As in <see cref="BudgetRequest.RollOverCap"/>.</summary>
    public required decimal? RollOverCap { get; init; }

    /// <summary>As in <see cref="BudgetRequest.AlertPercents"/>.</summary>
    public required IReadOnlyList<int> AlertPercents { get; init; }

    /// <summary>What is charged or counted in the window that runs.</summary>
    public required decimal Used { get; init; }

    /// <summary>What requests in progress may still be charged.</summary>
    public required decimal Held { get; init; }

    /// <summary>What is left, with what was carried over; at least 0.</summary>
    public required decimal Remaining { get; init; }

    /// <summary>When the next window begins; null: never.</summary>
    public required DateTimeOffset? ResetsAt { get; init; }
}

/// <summary>The scope of a budget.</summary>
/// <param name="Kind"><c>organisation</c>, <c>team</c>, <c>project</c>, <c>user</c> or <c>key</c>.</param>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its display name; null: not known here.</param>
public sealed record BudgetScopeResponse(string Kind, Guid Id, string? Name);
