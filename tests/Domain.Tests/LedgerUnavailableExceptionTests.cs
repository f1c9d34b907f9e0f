namespace AiGateway.Domain.Tests;

public sealed class LedgerUnavailableExceptionTests
{
    [TestCase(false, "The usage ledger is unavailable. The request was not sent to a provider. Retry later.")]
    [TestCase(
        true, "The usage ledger is unavailable. The provider carried out the request, but the gateway could not record that. Retry later.")]
    public void Message_BeforeAndAfterTheCall_SaysWhetherTheRequestWasSent(bool wasSent, string message) =>
        Assert.That(new LedgerUnavailableException(wasSent: wasSent).Message, Is.EqualTo(message));

    [Test]
    public void RetryAfter_OfManyFailures_IsSpreadOverOneToFiveSeconds()
    {
        var seconds = Enumerable.Range(0, 1000).Select(_ => new LedgerUnavailableException().RetryAfter!.Value.TotalSeconds);

        Assert.That(seconds.Distinct(), Is.EquivalentTo([1, 2, 3, 4, 5]));
    }
}
