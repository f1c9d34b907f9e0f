using System.Collections.Concurrent;
using System.Net;
using AiGateway.Domain;

namespace AiGateway.Api.Auth;

/// <summary>
/// Failed authentications by client address. Each address may have 100 at once and regains one per second. Only failures are
/// charged. The counts are in memory, per gateway process.
/// </summary>
internal sealed partial class FailedAuthentications(TimeProvider time, ILogger<FailedAuthentications> logger)
{
    /// <summary>Failures of an address before it is refused.</summary>
    public const int Burst = 100;

    private const int Capacity = 100_000;
    private static readonly long Interval = TimeSpan.FromSeconds(1).Ticks;
    private static readonly TimeSpan TellEvery = TimeSpan.FromSeconds(10);

    private readonly long _startedAt = time.GetTimestamp();

    // The time at which each address has all its failures back, in ticks since the start. One number is enough.
    private readonly ConcurrentDictionary<IPAddress, long> _fullAgainAt = new();
    private long _untold;
    private long _tellAgainAt;

    /// <summary>Charges one failure, before or after the look-up.</summary>
    /// <returns>Null; or the time until the address has a failure left.</returns>
    public TimeSpan? Charge(IPAddress address)
    {
        var owner = ClientAddress.OwnerOf(address);
        while (true)
        {
            var now = Now();
            var isKnown = _fullAgainAt.TryGetValue(owner, out var fullAgainAt);
            var after = Math.Max(fullAgainAt, now) + Interval;
            if (after - now > Burst * Interval) return TimeSpan.FromTicks(after - now - (Burst * Interval));
            if (isKnown ? _fullAgainAt.TryUpdate(owner, after, fullAgainAt) : TryAdd(owner, after, now)) return null;
        }
    }

    /// <summary>Takes a charge back: the authentication succeeded.</summary>
    public void GiveBack(IPAddress address)
    {
        var owner = ClientAddress.OwnerOf(address);
        while (_fullAgainAt.TryGetValue(owner, out var fullAgainAt) && !_fullAgainAt.TryUpdate(owner, fullAgainAt - Interval, fullAgainAt)) { }
    }

    /// <summary>Logs a failure, at most one line in ten seconds.</summary>
    public void Tell(IPAddress address)
    {
        Interlocked.Increment(ref _untold);
        var now = Now();
        var tellAgainAt = Volatile.Read(ref _tellAgainAt);
        if (now < tellAgainAt || Interlocked.CompareExchange(ref _tellAgainAt, now + TellEvery.Ticks, tellAgainAt) != tellAgainAt) return;
        Log.Failed(logger, address, Interlocked.Exchange(ref _untold, 0));
    }

    /// <summary>The refusal of an address without a failure left.</summary>
    public static AiGatewayException ToRefusal(TimeSpan wait) =>
        new(ErrorCode.RateLimited, "Too many failed authentications from your address. This key or token was not checked. Send a valid one after Retry-After.")
        {
            RetryAfter = wait,
        };

    private long Now() => time.GetElapsedTime(_startedAt).Ticks;

    private bool TryAdd(IPAddress owner, long fullAgainAt, long now)
    {
        if (_fullAgainAt.Count >= Capacity)
        {
            foreach (var each in _fullAgainAt)
            {
                if (each.Value <= now) _fullAgainAt.TryRemove(each);
            }

            // Strangers choose the addresses: a flood of them clears the table instead of filling the memory.
            if (_fullAgainAt.Count >= Capacity) _fullAgainAt.Clear();
        }

        return _fullAgainAt.TryAdd(owner, fullAgainAt);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Authentication failed from {Address}; {Failures} failures from all addresses since the last such line")]
        public static partial void Failed(ILogger logger, IPAddress address, long failures);
    }
}
