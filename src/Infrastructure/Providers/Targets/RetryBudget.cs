namespace AiGateway.Infrastructure.Providers.Targets;

/// <summary>
/// Stops retries at a provider when more than a tenth of its calls in the last ten seconds were retries, so an outage is not
/// multiplied. A few retries are always allowed: a tenth of little traffic is none.
/// </summary>
internal sealed class RetryBudget(TimeProvider time)
{
    public const int AlwaysAllowed = 10;
    private const int Seconds = 10;
    private const int CallsPerRetry = 10;

    private readonly Lock _gate = new();
    private readonly int[] _calls = new int[Seconds];
    private readonly int[] _retries = new int[Seconds];
    private long _second;

    /// <summary>A call begins.</summary>
    public void Begin(bool isRetry)
    {
        lock (_gate)
        {
            var slot = Forget();
            _calls[slot]++;
            if (isRetry) _retries[slot]++;
        }
    }

    /// <summary>Whether one more retry is within the budget.</summary>
    public bool Allows()
    {
        lock (_gate)
        {
            Forget();
            var (retries, calls) = (_retries.Sum(), _calls.Sum());
            return retries < AlwaysAllowed || (retries + 1) * CallsPerRetry <= calls;
        }
    }

    // One slot for each second; those that have passed since the last call are empty.
    private int Forget()
    {
        var now = time.GetTimestamp() / time.TimestampFrequency;
        for (var passed = Math.Max(_second + 1, now - Seconds + 1); passed <= now; passed++)
            (_calls[passed % Seconds], _retries[passed % Seconds]) = (0, 0);
        _second = Math.Max(_second, now);
        return (int)(_second % Seconds);
    }
}
