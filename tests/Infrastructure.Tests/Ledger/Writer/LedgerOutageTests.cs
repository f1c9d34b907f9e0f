using AiGateway.Infrastructure.Ledger.Writer;
using AiGateway.Infrastructure.Tests.Providers;

namespace AiGateway.Infrastructure.Tests.Ledger.Writer;

internal sealed class LedgerOutageTests
{
    [Test]
    public void Outage_WhileItLasts_IsLoggedWithItsStackTraceOnce()
    {
        var log = new CapturedLog<LedgerWriter>();
        var outage = new LedgerOutage(log);
        outage.End();
        for (var tries = 0; tries < 3; tries++) outage.Tell(holds: 2, settlements: 1, new IOException("The disk is full."));
        outage.Tell(holds: 0, settlements: 3, new TimeoutException("It took too long."));
        outage.End();
        outage.End();

        Assert.That(log.Lines, Is.EqualTo((string[])
        [
            "Error The usage ledger is unavailable: 2 requests are refused, 1 settlements wait System.IO.IOException: The disk is full.",
            "Error The usage ledger is still unavailable: 2 requests are refused, 1 settlements wait: The disk is full.",
            "Error The usage ledger is still unavailable: 2 requests are refused, 1 settlements wait: The disk is full.",
            "Error The usage ledger is unavailable: 0 requests are refused, 3 settlements wait System.TimeoutException: It took too long.",
            "Information The usage ledger is available again",
        ]));
    }
}
