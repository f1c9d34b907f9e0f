using AiGateway.Application.Ledger;
using AiGateway.Domain;
using AiGateway.Infrastructure.Ledger.Operations;
using AiGateway.Infrastructure.Ledger.Writer;

namespace AiGateway.Infrastructure.Tests.Ledger.Writer;

internal sealed class LedgerQueueTests
{
    [Test]
    public void Take_WhenMoreIsWaitingThanTheLimitAllows_TakesSettlementsFirst()
    {
        var queue = new LedgerQueue(holdCapacity: 10);
        for (var i = 0; i < 3; i++) queue.TryAdd(NewHold());
        for (var i = 0; i < 3; i++) queue.TryAdd(NewSettlement());
        var work = new LedgerBatch();
        queue.Take(work, limit: 4, wait: true);

        Assert.That((work.Settlements.Count, work.Holds.Count), Is.EqualTo((3, 1)));
    }

    [Test]
    public void Take_WhenTheLastBatchWasLarge_WaitsForMoreOperations()
    {
        var queue = new LedgerQueue(holdCapacity: 1000, moment: Timeout.InfiniteTimeSpan);
        for (var i = 0; i < LedgerQueue.Busy; i++) queue.TryAdd(NewHold());
        queue.Take(new LedgerBatch(), limit: 1000, wait: true);
        queue.TryAdd(NewHold());
        var work = new LedgerBatch();
        var writer = TakeOnItsOwnThread(queue, work);
        for (var i = 1; i < LedgerQueue.Enough; i++) queue.TryAdd(NewHold());
        writer.Join();

        Assert.That(work.Holds, Has.Count.EqualTo(LedgerQueue.Enough));
    }

    [Test]
    public void Take_WhenTheLastBatchWasSmall_DoesNotWait()
    {
        var queue = new LedgerQueue(holdCapacity: 1000, moment: Timeout.InfiniteTimeSpan);
        queue.TryAdd(NewHold());
        queue.Take(new LedgerBatch(), limit: 1000, wait: true);
        queue.TryAdd(NewHold());
        var work = new LedgerBatch();
        queue.Take(work, limit: 1000, wait: true);

        Assert.That(work.Holds, Has.Count.EqualTo(1));
    }

    [Test]
    public void Take_WhenOnlySettlementsAreQueued_WaitsForAHoldToShareTheirCommit()
    {
        var queue = new LedgerQueue(holdCapacity: 1000, moment: Timeout.InfiniteTimeSpan);
        queue.TryAdd(NewSettlement());
        var work = new LedgerBatch();
        var writer = TakeOnItsOwnThread(queue, work);
        for (var i = 0; i < 100; i++) queue.TryAdd(NewSettlement());
        Assert.That(work.Count, Is.Zero);
        queue.TryAdd(NewHold());
        writer.Join();

        Assert.That((work.Settlements.Count, work.Holds.Count), Is.EqualTo((101, 1)));
    }

    [Test]
    public void Take_WhenOnlySettlementsAreQueued_IsWokenByAReader()
    {
        var queue = new LedgerQueue(holdCapacity: 1000, moment: Timeout.InfiniteTimeSpan);
        queue.TryAdd(NewSettlement());
        var work = new LedgerBatch();
        var writer = TakeOnItsOwnThread(queue, work);
        queue.Wake();
        writer.Join();

        Assert.That(work.Settlements, Has.Count.EqualTo(1));
    }

    [Test]
    public void Take_WhenARequestWaitsForItsSettlement_DoesNotWait()
    {
        var queue = new LedgerQueue(holdCapacity: 1000, moment: Timeout.InfiniteTimeSpan);
        queue.TryAdd(NewSettlement(isAwaited: true));
        var work = new LedgerBatch();
        queue.Take(work, limit: 1000, wait: true);

        Assert.That(work.Settlements, Has.Count.EqualTo(1));
    }

    [Test]
    public void Take_WhenOnlySettlementsAreQueued_WaitsForAMomentAtMost()
    {
        var queue = new LedgerQueue(holdCapacity: 1000);
        queue.TryAdd(NewSettlement());
        var work = new LedgerBatch();
        queue.Take(work, limit: 1000, wait: true);

        Assert.That(work.Settlements, Has.Count.EqualTo(1));
    }

    [Test]
    public void FindUnwritten_AmongQueuedKeptAndUnderWay_FindsAllUnwritten()
    {
        var queue = new LedgerQueue(holdCapacity: 10);
        var (underWay, queued, kept, late) = (NewSettlement(), NewSettlement(), NewSettlement(), NewSettlement());
        queue.TryAdd(underWay);
        var work = new LedgerBatch();
        queue.Take(work, limit: 10, wait: true);
        queue.TryAdd(queued);
        queue.TryAdd(late);
        queue.Keep(kept);
        late.TrySetResult();
        Assert.That(queue.FindUnwritten(), Is.EquivalentTo((Task[])[underWay.Task, queued.Task, kept.Task]));

        queue.Finish(work);

        Assert.That(queue.FindUnwritten(), Is.EquivalentTo((Task[])[queued.Task, kept.Task]));
    }

    [Test]
    public void TryLeave_WhenTheCallerHasLeftAlready_KeepsTheReason()
    {
        var hold = NewHold();
        Assert.That((hold.TryLeave(ErrorCode.ClientClosedRequest), hold.TryLeave(ErrorCode.LedgerUnavailable)), Is.EqualTo((true, false)));
        Assert.That(hold.LeftBecause, Is.EqualTo(ErrorCode.ClientClosedRequest));
    }

    [Test]
    public void FindWaiting_AmongQueuedKeptAndUnderWay_FindsThoseFromBeforeTheInstant()
    {
        var queue = new LedgerQueue(holdCapacity: 10);
        var (early, late, underWay) = (NewHold(at: 1), NewHold(at: 3), NewHold(at: 2));
        queue.TryAdd(underWay);
        queue.Take(new LedgerBatch(), limit: 10, wait: true);
        queue.TryAdd(early);
        queue.TryAdd(late);
        queue.Keep(NewSettlement());
        var (holds, settlements) = (new List<HoldOperation>(), new List<SettleOperation>());
        queue.FindWaiting(2, holds, settlements, []);

        Assert.That(holds, Is.EquivalentTo((HoldOperation[])[early, underWay]));
        Assert.That(settlements, Has.Count.EqualTo(1));
    }

    [Test]
    public void FindWaiting_WhenTheWorkIsFinished_FindsNothing()
    {
        var queue = new LedgerQueue(holdCapacity: 10);
        queue.TryAdd(NewHold());
        var work = new LedgerBatch();
        queue.Take(work, limit: 10, wait: true);
        queue.Finish(work);
        var (holds, settlements) = (new List<HoldOperation>(), new List<SettleOperation>());
        queue.FindWaiting(long.MaxValue, holds, settlements, []);

        Assert.That((holds.Count, settlements.Count), Is.EqualTo((0, 0)));
    }

    [Test]
    public void TryEnd_WhileAnOperationIsQueued_FailsAndSettlementsAreStillAccepted()
    {
        var queue = new LedgerQueue(holdCapacity: 10);
        queue.TryAdd(NewHold());
        queue.Close();
        Assert.That((queue.TryEnd(), queue.TryAdd(NewHold()), queue.TryAdd(NewSettlement())), Is.EqualTo((false, false, true)));

        queue.Take(new LedgerBatch(), limit: 10, wait: true);

        Assert.That((queue.TryEnd(), queue.TryAdd(NewSettlement())), Is.EqualTo((true, false)));
    }

    [Test]
    public void Take_WhenTheCallerOfAHoldHasLeft_SkipsIt()
    {
        var queue = new LedgerQueue(holdCapacity: 10);
        var (gone, there) = (NewHold(), NewHold());
        queue.TryAdd(gone);
        queue.TryAdd(there);
        Assert.That(gone.TryLeave(ErrorCode.ClientClosedRequest), Is.True);
        var work = new LedgerBatch();
        queue.Take(work, limit: 10, wait: true);

        Assert.That(work.Holds, Is.EqualTo((HoldOperation[])[there]));
    }

    [Test]
    public void TryLeave_AfterTheAnswer_Fails()
    {
        var hold = NewHold();
        Assert.That((hold.TryTake(), hold.TryFinish(), hold.TryLeave(ErrorCode.ClientClosedRequest)), Is.EqualTo((true, true, false)));
    }

    [Test]
    public void TryFinish_WhenTheCallerHasLeft_TellsTheWriter()
    {
        var hold = NewHold();
        Assert.That((hold.TryTake(), hold.TryLeave(ErrorCode.LedgerUnavailable), hold.TryFinish()), Is.EqualTo((true, true, false)));
        Assert.That(hold.LeftBecause, Is.EqualTo(ErrorCode.LedgerUnavailable));
    }

    // Returns once the writer waits or has ended.
    private static Thread TakeOnItsOwnThread(LedgerQueue queue, LedgerBatch work)
    {
        var writer = new Thread(() => queue.Take(work, limit: 1000, wait: true));
        writer.Start();
        while ((writer.ThreadState & (ThreadState.WaitSleepJoin | ThreadState.Stopped)) == 0) Thread.Yield();
        return writer;
    }

    private static SettleOperation NewSettlement(bool isAwaited = false) => new(TestLedger.Released(Guid.Empty) with { IsAwaited = isAwaited }, queuedAt: 0);

    internal static HoldOperation NewHold(long at = 0) => new(new Hold
    {
        RequestId = Guid.Empty,
        UserId = Guid.Empty,
        ApiKeyId = null,
        At = TestLedger.Noon,
        Operation = ModelOperation.Chat,
        RequestedModel = "model",
        Model = "model",
        Provider = "openai",
        Streamed = false,
        EndUser = null,
        PromptTokens = 0,
        MaxCompletionTokens = 0,
        HeldNanoUsd = 0,
        HeldTokens = 33,
        PriceVersion = "prices-1",
    }, queuedAt: at);
}
