namespace AiGateway.Api.Tests.Hosting;

/// <summary>Waits for what happens behind a reply; the bound is there only so that a failure ends.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public static async Task<T> GetAsync<T>(Func<Task<T>> read, Func<T, bool> isThere)
    {
        var startedAt = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var value = await read();
            if (isThere(value)) return value;
            Assert.That(TimeProvider.System.GetElapsedTime(startedAt), Is.LessThan(Bound), $"it did not happen; last seen: {value}");
            await Task.Delay(Pause, TimeProvider.System);
        }
    }
}
