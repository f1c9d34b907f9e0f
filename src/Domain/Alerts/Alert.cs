namespace AiGateway.Domain;

/// <summary>
/// Something that the operator is told: a budget reached a threshold, a provider refuses the gateway's account, or requests
/// ended without a known outcome. It is stored before it is sent.
/// </summary>
public sealed class Alert
{
    /// <summary>Most characters of <see cref="OnceKey"/>.</summary>
    public const int MaxOnceKeyLength = (2 * StorableText.NameLength) + 50;

    /// <summary>UUIDv7; receivers see it as the id of the event.</summary>
    public required Guid Id { get; init; }

    /// <summary>What it is about.</summary>
    public required AlertKind Kind { get; init; }

    /// <summary>When it was noticed, in whole milliseconds.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The same alert has the same key on every gateway. The key is unique, so it is stored once.</summary>
    public required string OnceKey { get; set; }

    /// <summary>When its deliveries were made; null: not yet.</summary>
    public DateTimeOffset? QueuedAt { get; init; }

    /// <summary>Of a budget: the kind of its scope.</summary>
    public ScopeKind? ScopeKind { get; init; }

    /// <summary>Of a budget: its scope.</summary>
    public Guid? ScopeId { get; init; }

    /// <summary>Of a budget: what its counter counts, as <see cref="CountedScope.CounterId"/>.</summary>
    public Guid? CounterId { get; init; }

    /// <summary>Of a budget: the length of its window, as <see cref="BudgetWindow.Code"/>.</summary>
    public int? Window { get; init; }

    /// <summary>Of a budget: first day of the window; the UTC day for <see cref="BudgetMetric.Concurrent"/>.</summary>
    public DateOnly? WindowStart { get; init; }

    /// <summary>Of a budget: what is limited.</summary>
    public BudgetMetric? Metric { get; init; }

    /// <summary>Of a budget: whether it refuses nothing.</summary>
    public bool? IsSoft { get; init; }

    /// <summary>Of a budget: the threshold, 1 to 100.</summary>
    public int? Percent { get; init; }

    /// <summary>Of a budget: what the window allows, in the unit of the metric.</summary>
    public long? Amount { get; init; }

    /// <summary>Of a budget: what was charged or counted, in the unit of the metric.</summary>
    public long? Used { get; init; }

    /// <summary>Of a budget: what requests in progress might still be charged, in the unit of the metric.</summary>
    public long? Held { get; init; }

    /// <summary>Of a budget: when the next window begins; null: never.</summary>
    public DateTimeOffset? ResetsAt { get; init; }

    /// <summary>Of a budget: the models that it counts; null: all. Of a provider: the model; null: every model.</summary>
    public string? Model { get; init; }

    /// <summary>Of a budget for each end user: the end user; empty: requests without one.</summary>
    public string? EndUser { get; init; }

    /// <summary>Of a provider: its name.</summary>
    public string? Provider { get; init; }

    /// <summary>Of a provider: what is wrong with the account. Of records: how they ended.</summary>
    public AlertProblem? Problem { get; init; }

    /// <summary>Of records: how many.</summary>
    public long? Count { get; init; }

    /// <summary>Of records: the ids of the first ones, with a blank between them; null: not known.</summary>
    public string? Requests { get; init; }
}

/// <summary>What an alert is about. The numbers are stored.</summary>
public enum AlertKind
{
    /// <summary>A budget reached one of its thresholds.</summary>
    Budget = 0,

    /// <summary>A provider refuses the account of the gateway.</summary>
    Provider = 1,

    /// <summary>Requests expired, or ended with an unknown outcome.</summary>
    Record = 2,

    /// <summary>An administrator tries a webhook out.</summary>
    Test = 3,
}

/// <summary>What is wrong. The numbers are stored.</summary>
public enum AlertProblem
{
    /// <summary>The provider says that the quota or the credit of the account is used up.</summary>
    AccountExhausted = 0,

    /// <summary>The provider rejects the key, the account, or the name of the model or deployment.</summary>
    Misconfigured = 1,

    /// <summary>The gateway of the requests was lost. They were charged at their maximum cost.</summary>
    Expired = 2,

    /// <summary>The provider got the requests, and no complete answer came.</summary>
    Unknown = 3,
}

/// <summary>Names of kinds of alerts.</summary>
public static class AlertKinds
{
    /// <summary>The kinds that a webhook may ask for.</summary>
    public static readonly IReadOnlyList<string> Names = [.. new[] { AlertKind.Budget, AlertKind.Provider, AlertKind.Record }.Select(ToName)];

    /// <summary>The name on the wire, such as <c>budget</c>.</summary>
    public static string ToName(this AlertKind kind) => kind switch
    {
        AlertKind.Budget => "budget",
        AlertKind.Provider => "provider",
        AlertKind.Record => "record",
        _ => "test",
    };

    /// <summary>The name on the wire, such as <c>account_exhausted</c>.</summary>
    public static string ToName(this AlertProblem problem) => problem switch
    {
        AlertProblem.AccountExhausted => "account_exhausted",
        AlertProblem.Misconfigured => "misconfigured",
        AlertProblem.Expired => "expired",
        _ => "unknown",
    };
}
