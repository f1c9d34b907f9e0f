using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace AiGateway.Infrastructure.Tests.Providers;

/// <summary>Time that stands still until moved, and tells when somebody begins to wait and for how long.</summary>
internal sealed class WatchedTime() : FakeTimeProvider(new DateTimeOffset(2026, 11, 22, 10, 0, 0, TimeSpan.Zero))
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly ConcurrentDictionary<TimeSpan, TaskCompletionSource> _waits = new();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        Wait(dueTime).TrySetResult();
        return timer;
    }

    /// <summary>Waits until somebody has begun to wait for exactly this long, then lets that time pass.</summary>
    public async Task PassAsync(TimeSpan wait)
    {
        await Wait(wait).Task.WaitAsync(Patience, System);
        _waits.TryRemove(wait, out _);
        Advance(wait);
    }

    private TaskCompletionSource Wait(TimeSpan dueTime) =>
        _waits.GetOrAdd(dueTime, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
