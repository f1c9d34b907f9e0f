using Microsoft.Extensions.Logging;

namespace AiGateway.Infrastructure.Ledger;

/// <summary>
/// Logs an outage of the database: the first failure with its stack trace, each later one of the same kind in one line, and
/// the recovery. An outage may last for hours, and the ledger retries every second.
/// </summary>
internal sealed partial class LedgerOutage(ILogger logger)
{
    private (Type Kind, string Problem)? _last;

    /// <summary>An attempt to write failed.</summary>
    /// <param name="holds">How many requests it refused.</param>
    /// <param name="settlements">How many settlements wait for the next attempt.</param>
    /// <param name="failure">Why.</param>
    public void Tell(int holds, int settlements, Exception failure)
    {
        var cause = (failure.GetType(), failure.Message);
        if (cause == _last) Log.GoesOn(logger, holds, settlements, failure.Message);
        else Log.Begins(logger, holds, settlements, failure);
        _last = cause;
    }

    /// <summary>An attempt to write succeeded.</summary>
    public void End()
    {
        if (_last is null) return;
        _last = null;
        Log.Ends(logger);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "The usage ledger is unavailable: {Holds} requests are refused, {Settlements} settlements wait")]
        public static partial void Begins(ILogger logger, int holds, int settlements, Exception failure);

        [LoggerMessage(2, LogLevel.Error, "The usage ledger is still unavailable: {Holds} requests are refused, {Settlements} settlements wait: {Problem}")]
        public static partial void GoesOn(ILogger logger, int holds, int settlements, string problem);

        [LoggerMessage(3, LogLevel.Information, "The usage ledger is available again")]
        public static partial void Ends(ILogger logger);
    }
}
