using System.Globalization;
using System.Threading.RateLimiting;
using AiGateway.Api.Auth;

namespace AiGateway.Api.RateLimiting;

/// <summary>
/// Requests per minute and user, over all of the user's keys, in memory and per gateway process. A token bucket: a user may
/// use a whole minute's requests at once and regains them one by one. It stands in front of the rates that administrators set.
/// </summary>
internal sealed class CallerRateLimit : IDisposable
{
    private const string LimitHeader = "x-ratelimit-limit-requests";
    private const int TicksAMinute = 600;
    private const long MillisecondsAMinute = 60_000;

    private readonly bool _isUnlimited;
    private readonly int _perMinute;
    private readonly string _perMinuteText;

    /// <param name="limit">Requests a minute; null: unlimited.</param>
    public CallerRateLimit(int? limit)
    {
        var perMinute = limit ?? 1;
        _isUnlimited = limit is null;
        _perMinute = perMinute;
        _perMinuteText = perMinute.ToString(CultureInfo.InvariantCulture);
        var tokens = Math.Max(1, perMinute / TicksAMinute);
        var rule = new TokenBucketRateLimiterOptions
        {
            TokenLimit = perMinute,
            TokensPerPeriod = tokens,
            ReplenishmentPeriod = TimeSpan.FromMinutes(1) * tokens / perMinute,
            QueueLimit = 0,

            // The partitioned limiter does it with one timer for all.
            AutoReplenishment = false,
        };

        // Made once: it is asked for the partition twice a request.
        Func<Guid, RateLimiter> newBucket = _ => new TokenBucketRateLimiter(rule);
        Limiter = PartitionedRateLimiter.Create<HttpContext, Guid>(context => !_isUnlimited && context.FindCaller() is { } caller
            ? RateLimitPartition.Get(caller.UserId, newBucket)
            : RateLimitPartition.GetNoLimiter(Guid.Empty));
    }

    /// <summary>The limiter. Anonymous requests are not limited, because they reach only free endpoints.</summary>
    public PartitionedRateLimiter<HttpContext> Limiter { get; }

    /// <summary>Counts a request of an authenticated caller; false, with nothing counted, when its limit is reached.</summary>
    public bool TryTake(HttpContext context)
    {
        using var lease = Limiter.AttemptAcquire(context);
        return lease.IsAcquired;
    }

    /// <summary>When a refused caller may try again.</summary>
    public static TimeSpan RetryAfter(RateLimitLease lease) =>
        lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : TimeSpan.FromSeconds(1);

    /// <summary>Adds rate-limit headers like OpenAI's, unless a rate is told. A caller without a limit gets none.</summary>
    public void Announce(HttpContext context)
    {
        if (_isUnlimited || context.Response.Headers.ContainsKey(LimitHeader) || context.FindCaller() is null || Limiter.GetStatistics(context) is not { } statistics) return;
        var remaining = statistics.CurrentAvailablePermits;
        var headers = context.Response.Headers;
        headers[LimitHeader] = _perMinuteText;
        headers["x-ratelimit-remaining-requests"] = remaining.ToString(CultureInfo.InvariantCulture);
        var reset = ((MillisecondsAMinute * (_perMinute - remaining)) + _perMinute - 1) / _perMinute;
        headers["x-ratelimit-reset-requests"] = string.Create(CultureInfo.InvariantCulture, $"{reset}ms");
    }

    public void Dispose() => Limiter.Dispose();
}
