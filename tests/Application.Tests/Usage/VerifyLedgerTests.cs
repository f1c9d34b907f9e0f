using AiGateway.Application.Administration;
using AiGateway.Application.Ledger;
using AiGateway.Domain;
using NSubstitute;

namespace AiGateway.Application.Tests.Usage;

public sealed class VerifyLedgerTests
{
    [Test]
    public async Task Verify_Always_SaysWhatTheLedgerAndTheAuditLogFound()
    {
        using var useCases = new UseCases();
        var found = new LedgerVerification(5, 1, []);
        var audit = new AuditVerification(3, new AuditHead(3, "ab"), null);
        useCases.Ledger.VerifyAsync(Arg.Any<CancellationToken>()).Returns(found);
        useCases.Audit.VerifyAsync(Arg.Any<CancellationToken>()).Returns(audit);

        Assert.That(await useCases.SendAsync(new VerifyLedger()), Is.EqualTo(new Verification(found, audit)));
    }

    [Test]
    public void Verification_Balances_WhenThereIsNoDifference()
    {
        var difference = new LedgerDifference(Sample.UserId, QuotaPeriod.DayOf(Sample.Noon), "requests", 2, 1);

        Assert.That(new LedgerVerification(5, 1, []).Balanced, Is.True);
        Assert.That(new LedgerVerification(5, 1, [difference]).Balanced, Is.False);
    }

    [TestCase(true, true, true)]
    [TestCase(false, true, false)]
    [TestCase(true, false, false)]
    public void Verification_IsSound_WhenTheLedgerBalancesAndTheAuditLogIsUnbroken(bool balances, bool isUnbroken, bool isSound)
    {
        var difference = new LedgerDifference(Sample.UserId, QuotaPeriod.DayOf(Sample.Noon), "requests", 2, 1);
        var ledger = new LedgerVerification(5, 1, balances ? [] : [difference]);
        var audit = new AuditVerification(3, new AuditHead(3, "ab"), isUnbroken ? null : new AuditFault(2, null, AuditProblem.Missing));

        Assert.That(new Verification(ledger, audit).IsSound, Is.EqualTo(isSound));
    }
}
