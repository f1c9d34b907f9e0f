using AiGateway.Domain;

namespace AiGateway.Api.Contracts.Alerts;

/// <summary>One page of alerts, newest first.</summary>
/// <param name="Items">The alerts.</param>
/// <param name="Next">Give this as <c>next</c> to get the following page; null: this is the last one.</param>
public sealed record AlertListResponse(IReadOnlyList<AlertResponse> Items, Guid? Next);

/// <summary>An alert. Members that do not apply to its kind are null.</summary>
public sealed record AlertResponse
{
    /// <summary>Its id, which is the id of its event.</summary>
    public required Guid Id { get; init; }

    /// <summary><c>budget</c>, <c>provider</c> or <c>record</c>.</summary>
    public required string Type { get; init; }

    /// <summary>When it was noticed.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Of a budget: the kind of its scope, such as <c>team</c>.</summary>
    public string? ScopeKind { get; init; }

    /// <summary>Of a budget: the id of its scope.</summary>
    public Guid? ScopeId { get; init; }

    /// <summary>Of a budget: the limit, such as <c>monthly_spend</c>.</summary>
    public string? Limit { get; init; }

    /// <summary>Of a budget: the models that it counts; null: all. Of a provider: the model; null: all.</summary>
    public string? Model { get; init; }

    /// <summary>Of a budget for each end user: the end user.</summary>
    public string? EndUser { get; init; }

    /// <summary>Of a budget: the threshold.</summary>
    public int? Percent { get; init; }

    /// <summary>Of a budget: what the window allows; dollars, tokens or requests.</summary>
    public decimal? Amount { get; init; }

    /// <summary>Of a budget: what was charged or counted.</summary>
    public decimal? Used { get; init; }

    /// <summary>Of a budget: what requests in progress might still be charged.</summary>
    public decimal? Held { get; init; }

    /// <summary>Of a budget: when the next window begins.</summary>
    public DateTimeOffset? ResetsAt { get; init; }

    /// <summary>Of a provider: its name.</summary>
    public string? Provider { get; init; }

    /// <summary>Of a provider: <c>account_exhausted</c> or <c>misconfigured</c>. Of records: <c>expired</c> or <c>unknown</c>.</summary>
    public string? Problem { get; init; }

    /// <summary>Of records: how many.</summary>
    public long? Count { get; init; }

    /// <summary>Of records: the ids of the first ones.</summary>
    public IReadOnlyList<string>? Requests { get; init; }

    internal static AlertResponse Of(Alert alert) => new()
    {
        Id = alert.Id,
        Type = alert.Kind.ToName(),
        At = alert.At,
        ScopeKind = alert.ScopeKind?.ToName(),
        ScopeId = alert.ScopeId,
        Limit = alert.Kind == AlertKind.Budget ? AlertText.LimitOf(alert) : null,
        Model = alert.Model,
        EndUser = alert.EndUser,
        Percent = alert.Percent,
        Amount = Shown(alert, alert.Amount),
        Used = Shown(alert, alert.Used),
        Held = Shown(alert, alert.Held),
        ResetsAt = alert.ResetsAt,
        Provider = alert.Provider,
        Problem = alert.Problem?.ToName(),
        Count = alert.Count,
        Requests = WordList.Split(alert.Requests),
    };

    private static decimal? Shown(Alert alert, long? amount) =>
        alert.Metric is { } metric && amount is { } value ? AlertText.Shown(metric, value) : null;
}
