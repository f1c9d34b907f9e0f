using AiGateway.Domain;

namespace AiGateway.Infrastructure.Alerts.Formats;

/// <summary>An event in the gateway's own JSON. Members that do not apply are left out.</summary>
internal sealed record GenericEvent(Guid Id, string Type, DateTimeOffset At, string Message)
{
    public EventScope? Scope { get; init; }

    public string? Limit { get; init; }

    public string? Mode { get; init; }

    public string? Model { get; init; }

    public string? EndUser { get; init; }

    public DateOnly? WindowStart { get; init; }

    public int? Percent { get; init; }

    public decimal? Amount { get; init; }

    public decimal? Used { get; init; }

    public decimal? Held { get; init; }

    public DateTimeOffset? ResetsAt { get; init; }

    public string? Provider { get; init; }

    public string? Problem { get; init; }

    public long? Count { get; init; }

    public IReadOnlyList<string>? Requests { get; init; }

    public static GenericEvent Of(AlertEvent told)
    {
        var alert = told.Alert;
        var general = new GenericEvent(alert.Id, alert.Kind.ToName(), alert.At, AlertText.Of(alert, told.ScopeName))
        {
            Model = alert.Model,
            Provider = alert.Provider,
            Problem = alert.Problem?.ToName(),
            Count = alert.Count,
            Requests = WordList.Split(alert.Requests),
        };
        if (alert.Kind != AlertKind.Budget) return general;
        return general with
        {
            Scope = new(alert.ScopeKind!.Value.ToName(), alert.ScopeId!.Value, told.ScopeName),
            Limit = AlertText.LimitOf(alert),
            Mode = alert.IsSoft == true ? "soft" : "hard",
            EndUser = alert.EndUser,
            WindowStart = alert.WindowStart == DateOnly.MinValue ? null : alert.WindowStart,
            Percent = alert.Percent,
            Amount = AlertText.Shown(alert.Metric!.Value, alert.Amount!.Value),
            Used = AlertText.Shown(alert.Metric.Value, alert.Used!.Value),
            Held = AlertText.Shown(alert.Metric.Value, alert.Held!.Value),
            ResetsAt = alert.ResetsAt,
        };
    }
}

/// <summary>The scope of a budget.</summary>
/// <param name="Kind">Such as <c>team</c>.</param>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name; null: it was deleted.</param>
internal sealed record EventScope(string Kind, Guid Id, string? Name);
