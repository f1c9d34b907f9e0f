using AiGateway.Application.Switches;
using Microsoft.Extensions.Logging;

namespace AiGateway.Infrastructure.Providers;

/// <summary>Reads the switches again every few seconds, since another gateway may have changed them.</summary>
internal sealed partial class SwitchRefresh(SwitchBoard switches, TimeProvider time, ILogger<SwitchRefresh> logger)
    : RecurringWork(SwitchBoard.MaxAge, time)
{
    // What is off stays off after a restart.
    protected override bool DelaysStart => true;

    protected override Task RunAsync(CancellationToken cancellationToken) => switches.RefreshAsync(cancellationToken);

    protected override void Report(string problem) => Log.Failed(logger, problem);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The switches of providers could not be read; the last known ones apply: {Problem}")]
        public static partial void Failed(ILogger logger, string problem);
    }
}
