namespace AiGateway.Infrastructure.Tests.Ledger;

/// <summary>Waits for what another session does; the bound is there only so that a failure ends.</summary>
internal static class Eventually
{
    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public static async Task SeeAsync<T>(Func<Task<T>> read, Func<T, bool> isThere)
    {
        var startedAt = TimeProvider.System.GetTimestamp();
        for (var value = await read(); !isThere(value); value = await read())
        {
            Assert.That(TimeProvider.System.GetElapsedTime(startedAt), Is.LessThan(LongEnough), $"it did not happen; last seen: {value}");
            await Task.Delay(Pause, TimeProvider.System);
        }
    }
}
