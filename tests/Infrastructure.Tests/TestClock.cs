namespace AiGateway.Infrastructure.Tests;

/// <summary>It is always the same instant, and yet waiting ends.</summary>
internal sealed class TestClock(DateTimeOffset now) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => now;
}
