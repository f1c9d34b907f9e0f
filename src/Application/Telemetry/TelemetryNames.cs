namespace AiGateway.Application.Telemetry;

/// <summary>The gateway's own names in traces and metrics. Those of the conventions are in <see cref="GenAi"/>.</summary>
public static class TelemetryNames
{
    /// <summary>The source of the gateway's spans, and the meter of its metrics.</summary>
    public const string Source = "AiGateway";

    /// <summary>The id of a request on its spans.</summary>
    public const string RequestId = "aigateway.request.id";

    /// <summary>The categories of the log entries that every request writes begin with it.</summary>
    public const string RequestLog = "AiGateway.Application.Pipeline";

    internal const string ActiveRequests = "aigateway.http.active_requests";
    internal const string Cost = "aigateway.cost";
    internal const string Attempts = "aigateway.attempts";
    internal const string Outcome = "aigateway.attempt.outcome";
    internal const string Refusals = "aigateway.refusals";
    internal const string Limit = "aigateway.limit";
    internal const string ScopeKind = "aigateway.scope.kind";
    internal const string ScopeId = "aigateway.scope.id";
    internal const string Overhead = "aigateway.overhead.duration";
    internal const string AboveHold = "aigateway.settlements.above_hold";
    internal const string BudgetLimit = "aigateway.budget.limit";
    internal const string BudgetUsed = "aigateway.budget.used";
    internal const string BudgetHeld = "aigateway.budget.held";
    internal const string BudgetMetric = "aigateway.budget.metric";
    internal const string BudgetWindow = "aigateway.budget.window";
    internal const string BudgetModel = "aigateway.budget.model";
}
