using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace AiGateway.Infrastructure.Tests.Providers;

/// <summary>A clock that moves only when a test advances it, and reports each wait that begins and its length.</summary>
internal sealed class WatchedTime() : FakeTimeProvider(new DateTimeOffset(2026, 11, 22, 10, 0, 0, TimeSpan.Zero))
{
    private readonly Channel<TimeSpan> _waits = Channel.CreateUnbounded<TimeSpan>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new WatchedTimer(base.CreateTimer(callback, state, dueTime, period), _waits.Writer);
        _waits.Writer.TryWrite(dueTime);
        return timer;
    }

    /// <summary>Waits until a wait of exactly this length has begun, and then lets that time pass.</summary>
    public Task PassAsync(TimeSpan wait) => PassAsync(begun => begun == wait);

    /// <summary>Waits until a wait of at most this length has begun, and then lets that time pass.</summary>
    public Task PassAtMostAsync(TimeSpan wait) => PassAsync(begun => begun >= TimeSpan.Zero && begun <= wait);

    /// <summary>Waits until a wait of exactly this length has begun, and lets no time pass.</summary>
    public Task BegunAsync(TimeSpan wait) => BegunAsync(begun => begun == wait);

    private async Task PassAsync(Predicate<TimeSpan> isIt) => Advance(await BegunAsync(isIt));

    private async Task<TimeSpan> BegunAsync(Predicate<TimeSpan> isIt)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        TimeSpan begun;
        do begun = await _waits.Reader.ReadAsync(patience.Token);
        while (!isIt(begun));
        return begun;
    }

    private sealed class WatchedTimer(ITimer timer, ChannelWriter<TimeSpan> waits) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var changed = timer.Change(dueTime, period);
            waits.TryWrite(dueTime);
            return changed;
        }

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
