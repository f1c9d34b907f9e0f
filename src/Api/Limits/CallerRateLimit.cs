using System.Globalization;
using System.Threading.RateLimiting;
using AiGateway.Api.Door;

namespace AiGateway.Api.Limits;

/// <summary>
/// Requests a minute and user, over all of the user's keys, in memory and for each gateway process. A token bucket: a
/// user may spend a whole minute's requests at once, and gets them back one by one.
/// </summary>
internal sealed class CallerRateLimit : IDisposable
{
    private const int TicksAMinute = 600;
    private const long MillisecondsAMinute = 60_000;

    private readonly int _perMinute;
    private readonly string _perMinuteText;
    private readonly TokenBucketRateLimiterOptions _rule;

    public CallerRateLimit(int perMinute)
    {
        _perMinute = perMinute;
        _perMinuteText = perMinute.ToString(CultureInfo.InvariantCulture);
        var tokens = Math.Max(1, perMinute / TicksAMinute);
        _rule = new TokenBucketRateLimiterOptions
        {
            TokenLimit = perMinute,
            TokensPerPeriod = tokens,
            ReplenishmentPeriod = TimeSpan.FromMinutes(1) * tokens / perMinute,
            QueueLimit = 0,
        };
        Limiter = PartitionedRateLimiter.Create<HttpContext, Guid>(context => context.FindCaller() is { } caller
            ? RateLimitPartition.GetTokenBucketLimiter(caller.UserId, _ => _rule)
            : RateLimitPartition.GetNoLimiter(Guid.Empty));
    }

    /// <summary>The limiter; anonymous requests are not limited, since all they reach is free.</summary>
    public PartitionedRateLimiter<HttpContext> Limiter { get; }

    /// <summary>When a refused caller may try again.</summary>
    public static TimeSpan RetryAfter(RateLimitLease lease) =>
        lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : TimeSpan.FromSeconds(1);

    /// <summary>Tells the caller where it stands, as OpenAI's headers do; nothing to who has no limit.</summary>
    public void Announce(HttpContext context)
    {
        if (context.FindCaller() is null || Limiter.GetStatistics(context) is not { } statistics) return;
        var remaining = statistics.CurrentAvailablePermits;
        var headers = context.Response.Headers;
        headers["x-ratelimit-limit-requests"] = _perMinuteText;
        headers["x-ratelimit-remaining-requests"] = remaining.ToString(CultureInfo.InvariantCulture);
        var reset = ((MillisecondsAMinute * (_perMinute - remaining)) + _perMinute - 1) / _perMinute;
        headers["x-ratelimit-reset-requests"] = string.Create(CultureInfo.InvariantCulture, $"{reset}ms");
    }

    public void Dispose() => Limiter.Dispose();
}
