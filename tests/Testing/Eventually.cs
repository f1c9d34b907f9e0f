namespace AiGateway.Testing;

/// <summary>Waits for an effect that comes after a reply or in another session. The bound only ends a test that would otherwise hang.</summary>
public static class Eventually
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Reads until the value is as expected, and returns it.</summary>
    public static async Task<T> GetAsync<T>(Func<Task<T>> read, Func<T, bool> isThere)
    {
        var startedAt = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var value = await read();
            if (isThere(value)) return value;
            if (TimeProvider.System.GetElapsedTime(startedAt) > Bound) throw new TimeoutException($"It did not happen. The last value was {value}.");
            await Task.Delay(Pause, TimeProvider.System);
        }
    }
}
