using AiGateway.Application.Ledger;
using AiGateway.Domain;
using NSubstitute;

namespace AiGateway.Application.Tests.Usage;

public sealed class VerifyLedgerTests
{
    [Test]
    public async Task Verify_Always_SaysWhatTheLedgerFound()
    {
        using var useCases = new UseCases();
        var found = new LedgerVerification(5, 1, []);
        useCases.Ledger.VerifyAsync(Arg.Any<CancellationToken>()).Returns(found);

        Assert.That(await useCases.SendAsync(new VerifyLedger()), Is.SameAs(found));
    }

    [Test]
    public void Verification_Balances_WhenThereIsNoDifference()
    {
        var difference = new LedgerDifference(Sample.UserId, QuotaPeriod.DayOf(Sample.Noon), "requests", 2, 1);

        Assert.That(new LedgerVerification(5, 1, []).Balanced, Is.True);
        Assert.That(new LedgerVerification(5, 1, [difference]).Balanced, Is.False);
    }
}
