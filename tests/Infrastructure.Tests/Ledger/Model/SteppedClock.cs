using Microsoft.Extensions.Time.Testing;

namespace AiGateway.Infrastructure.Tests.Ledger.Model;

/// <summary>A clock that moves only when a test advances it. The writer's pauses after a database failure end at once.</summary>
internal sealed class SteppedClock(DateTimeOffset start) : FakeTimeProvider(start)
{
    /// <summary>How long before the end of a period a test enters it.</summary>
    public static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(10);

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        dueTime > TimeSpan.Zero && dueTime <= LongestPause
            ? System.CreateTimer(callback, state, TimeSpan.Zero, period)
            : base.CreateTimer(callback, state, dueTime, period);
}
