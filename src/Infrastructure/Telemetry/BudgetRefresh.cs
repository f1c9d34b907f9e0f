using AiGateway.Application.Telemetry.Metrics;
using AiGateway.Infrastructure.Providers;
using Microsoft.Extensions.Logging;

namespace AiGateway.Infrastructure.Telemetry;

/// <summary>Reads the measured budgets at an interval, rather than at each scrape.</summary>
internal sealed partial class BudgetRefresh(BudgetGauges budgets, TimeProvider time, ILogger<BudgetRefresh> logger)
    : RecurringWork(Interval, time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    protected override Task RunAsync(CancellationToken cancellationToken) => budgets.RefreshAsync(cancellationToken);

    protected override void Report(string problem) => Log.Failed(logger, problem);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The budgets for the metrics could not be read; the last known figures are shown: {Problem}")]
        public static partial void Failed(ILogger logger, string problem);
    }
}
