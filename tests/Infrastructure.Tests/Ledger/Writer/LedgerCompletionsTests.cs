using AiGateway.Domain;
using AiGateway.Infrastructure.Ledger.Operations;
using AiGateway.Infrastructure.Ledger.Writer;

namespace AiGateway.Infrastructure.Tests.Ledger.Writer;

internal sealed class LedgerCompletionsTests
{
    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(60);

    [Test]
    public async Task Send_CompletesEachOnce_AndNoneOnTheCallersThread()
    {
        var caller = Environment.CurrentManagedThreadId;
        var answers = new LedgerCompletions();
        var operations = Enumerable.Range(0, 100).Select(_ => LedgerQueueTests.NewHold()).ToArray();
        var threads = Task.WhenAll(operations.Select(ThreadOfAsync));
        foreach (var operation in operations) answers.Add(operation);

        answers.Send();
        answers.Send();

        Assert.That(await threads.WaitAsync(LongEnough), Has.None.EqualTo(caller));
    }

    [Test]
    public void Send_WhenThereIsAFailure_PassesItOn()
    {
        var answers = new LedgerCompletions();
        var operation = LedgerQueueTests.NewHold();
        operation.Failure = new LedgerUnavailableException();
        answers.Add(operation);

        answers.Send();

        Assert.That(
            async () => await operation.Task.WaitAsync(LongEnough),
            Throws.InstanceOf<AiGatewayException>().With.Property(nameof(AiGatewayException.Code)).EqualTo(ErrorCode.LedgerUnavailable));
    }

    [Test]
    public void Add_OfASettlementThatIsNotAwaited_CompletesItAtOnceAndRunsNoContinuation()
    {
        var settlement = new SettleOperation(TestLedger.Released(Guid.Empty), queuedAt: 0);
        using var go = new ManualResetEventSlim();
        var reader = settlement.Task.ContinueWith(
            _ => go.Wait(LongEnough), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

        new LedgerCompletions().Add(settlement);

        Assert.That((settlement.Task.IsCompleted, reader.IsCompleted), Is.EqualTo((true, false)));
        go.Set();
    }

    // The continuation runs on the thread that completes the task, because it is synchronous.
    private static Task<int> ThreadOfAsync(HoldOperation operation) => operation.Task.ContinueWith(
        _ => Environment.CurrentManagedThreadId, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
}
