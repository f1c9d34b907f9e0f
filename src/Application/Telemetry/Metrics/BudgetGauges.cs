using System.Diagnostics.Metrics;
using AiGateway.Application.Budgets;
using AiGateway.Domain;

namespace AiGateway.Application.Telemetry.Metrics;

/// <summary>A scope whose budgets are shown as metrics.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Id">Its id.</param>
public readonly record struct MeasuredScope(ScopeKind Kind, Guid Id);

/// <summary>
/// The budgets of the scopes that the operator names, as metrics. Other scopes have none, because each would be a time
/// series of its own. The figures are as old as the last <see cref="RefreshAsync"/>.
/// </summary>
public sealed class BudgetGauges
{
    private readonly BudgetReader _budgets;
    private readonly IReadOnlyList<MeasuredScope> _scopes;
    private volatile BudgetReading[] _readings = [];

    internal BudgetGauges(Meter meter, BudgetReader budgets, IReadOnlyList<MeasuredScope> scopes)
    {
        (_budgets, _scopes) = (budgets, scopes);
        meter.CreateObservableGauge(
            TelemetryNames.BudgetLimit, () => _readings.Select(static each => each.Measure(each.Use.Amount)), null, "Amount of a budget in its window.");
        meter.CreateObservableGauge(
            TelemetryNames.BudgetUsed, () => _readings.Select(static each => each.Measure(each.Use.Settled)), null, "Settled use of a budget.");
        meter.CreateObservableGauge(
            TelemetryNames.BudgetHeld, () => _readings.Select(static each => each.Measure(each.Use.Held)), null, "Use that requests in progress hold.");
    }

    /// <summary>Reads the budgets again. A scope that does not exist has none.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        var readings = new List<BudgetReading>();
        foreach (var (kind, id) in _scopes)
        {
            // A budget for each end user has no use of its own.
            var list = await _budgets.ReadAsync(kind, id, cancellationToken);
            readings.AddRange(list.Budgets.Where(static use => !use.Budget.PerEndUser).Select(static use => new BudgetReading(use)));
        }

        _readings = [.. readings];
    }

    private sealed record BudgetReading(BudgetUse Use)
    {
        private readonly KeyValuePair<string, object?>[] _tags =
        [
            new(TelemetryNames.ScopeKind, Use.Budget.ScopeKind.ToName()),
            new(TelemetryNames.ScopeId, Use.Budget.ScopeId.ToString()),
            new(TelemetryNames.BudgetMetric, Use.Budget.Metric.ToString().ToLowerInvariant()),
            new(TelemetryNames.BudgetWindow, Domain.BudgetWindow.NameOf(Use.Budget.Window.Code)),
            new(TelemetryNames.BudgetModel, Use.Budget.Model ?? "all"),
        ];

        // Spend is shown in dollars.
        public Measurement<double> Measure(long amount) =>
            new(Use.Budget.Metric == Domain.BudgetMetric.Spend ? (double)Money.ToUsd(amount) : amount, _tags);
    }
}
