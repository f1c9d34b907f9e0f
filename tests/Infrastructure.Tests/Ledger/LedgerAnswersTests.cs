using AiGateway.Infrastructure.Ledger;

namespace AiGateway.Infrastructure.Tests.Ledger;

internal sealed class LedgerAnswersTests
{
    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(60);

    [Test]
    public void Send_LetsEachGoOnOnce_AndNoneOnTheCallersThread()
    {
        var answers = new LedgerAnswers();
        using var all = new CountdownEvent(100);
        var operations = Enumerable.Range(0, 100).Select(_ => new Operation(all)).ToArray();
        foreach (var operation in operations) answers.Add(operation);

        answers.Send();
        answers.Send();

        Assert.That(all.Wait(LongEnough), Is.True);
        Assert.That(operations.Select(operation => operation.Times), Is.All.EqualTo(1));
        Assert.That(operations.Select(operation => operation.Thread), Has.None.EqualTo(Environment.CurrentManagedThreadId));
    }

    private sealed class Operation(CountdownEvent all) : ILedgerOperation
    {
        public int Times { get; private set; }

        public int Thread { get; private set; }

        public void Answer()
        {
            Times++;
            Thread = Environment.CurrentManagedThreadId;
            all.Signal();
        }
    }
}
