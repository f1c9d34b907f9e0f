namespace AiGateway.Infrastructure.Tests;

/// <summary>A clock that always shows the same instant. Its timers run in real time.</summary>
internal sealed class TestClock(DateTimeOffset now) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => now;
}
