namespace AiGateway.Application.Tests;

public sealed class OwnThreadsTests
{
    [Test]
    public async Task Run_UsesAThreadThatIsNotOfThePool()
    {
        using var threads = new OwnThreads(1);

        var (worker, isOfThePool) = await threads.RunAsync(() => (Thread.CurrentThread, Thread.CurrentThread.IsThreadPoolThread), CancellationToken.None);

        Assert.That(isOfThePool, Is.False);
        Assert.That(Thread.CurrentThread, Is.Not.SameAs(worker), "the caller does not go on on it");
    }

    [Test]
    public async Task Run_BeyondThePlaces_WaitsInOrderAndIsLeftByACallerWhoCancels()
    {
        const int Places = 2;
        using var threads = new OwnThreads(Places);
        using var release = new ManualResetEventSlim();
        using var leave = new CancellationTokenSource();
        var (running, most, begun) = (0, 0, 0);
        int Work()
        {
            Interlocked.Increment(ref begun);
            var now = Interlocked.Increment(ref running);
            for (var seen = most; now > seen; seen = most) Interlocked.CompareExchange(ref most, now, seen);
            release.Wait();
            return Interlocked.Decrement(ref running);
        }

        var all = Enumerable.Range(0, 6).Select(_ => threads.RunAsync(Work, CancellationToken.None)).ToArray();
        var left = threads.RunAsync(Work, leave.Token);
        await leave.CancelAsync();
        Assert.That(async () => await left, Throws.InstanceOf<OperationCanceledException>());
        release.Set();
        await Task.WhenAll(all);

        Assert.That((most <= Places, begun), Is.EqualTo((true, all.Length)), "the caller who left was never served");
    }

    [Test]
    public async Task Run_WhenTheWorkFails_ThrowsItsFaultAndFreesThePlace()
    {
        using var threads = new OwnThreads(1);

        Assert.That(async () => await threads.RunAsync<int>(() => throw new InvalidOperationException("fault"), CancellationToken.None), Throws.InvalidOperationException);
        Assert.That(await threads.RunAsync(() => 7, CancellationToken.None), Is.EqualTo(7));
    }
}
