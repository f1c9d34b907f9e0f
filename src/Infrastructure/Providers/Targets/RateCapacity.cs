using AiGateway.Application.Providers;

namespace AiGateway.Infrastructure.Providers.Targets;

/// <summary>
/// Whether an account has capacity for a call below its limits a minute. It knows the calls of this gateway, and what the provider
/// says of all. A full account is tried after others; it is never a reason to refuse.
/// </summary>
/// <param name="requestsPerMinute">The account's limit of requests a minute; null: none is configured.</param>
/// <param name="tokensPerMinute">The account's limit of tokens a minute; null: none is configured.</param>
/// <param name="time">The clock.</param>
internal sealed class RateCapacity(long? requestsPerMinute, long? tokensPerMinute, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Level? _requests = requestsPerMinute is { } requests ? new Level(requests) : null;
    private readonly Level? _tokens = tokensPerMinute is { } tokens ? new Level(tokens) : null;

    /// <summary>An attempt of a call begins. Its tokens are corrected when it ended.</summary>
    /// <param name="provider">The provider.</param>
    /// <param name="call">The call.</param>
    public void Begin(string provider, ModelCall call)
    {
        var taken = call.Worst.PromptTokens;
        Take(taken);
        call.Attempts?.Begin(provider, call, _tokens is null ? null : usage => Correct(usage.PromptTokens + usage.CompletionTokens - taken));
    }

    /// <summary>A call begins.</summary>
    /// <param name="promptTokens">Its input tokens, as held.</param>
    public void Take(long promptTokens)
    {
        if (_requests is null && _tokens is null) return;
        lock (_gate)
        {
            var now = time.GetTimestamp();
            _requests?.Add(1, time, now);
            _tokens?.Add(promptTokens, time, now);
        }
    }

    /// <summary>The tokens of a call are known.</summary>
    /// <param name="tokens">More than was taken at its begin; below zero: less.</param>
    public void Correct(long tokens)
    {
        if (_tokens is null || tokens == 0) return;
        lock (_gate) _tokens.Add(tokens, time, time.GetTimestamp());
    }

    /// <summary>When there is capacity again; null: now.</summary>
    /// <param name="told">What the provider said last.</param>
    public DateTimeOffset? FullUntil(RateLimitInfo? told)
    {
        var now = time.GetUtcNow();
        var wait = WaitOf(told, now);
        if (_requests is not null || _tokens is not null)
        {
            lock (_gate)
            {
                var timestamp = time.GetTimestamp();
                wait = Longer(wait, Longer(_requests?.Wait(time, timestamp), _tokens?.Wait(time, timestamp)));
            }
        }

        return wait > TimeSpan.Zero ? now + wait : null;
    }

    private static TimeSpan? WaitOf(RateLimitInfo? told, DateTimeOffset now)
    {
        if (told is null) return null;
        var requests = told.RemainingRequests == 0 ? told.ResetRequests : null;
        var tokens = told.RemainingTokens == 0 ? told.ResetTokens : null;
        return Longer(requests, tokens) - (now - told.ReadAt);
    }

    private static TimeSpan? Longer(TimeSpan? first, TimeSpan? second) => first is null || second > first ? second : first;

    /// <summary>A level that rises with every use and falls by the limit each minute.</summary>
    private sealed class Level(long perMinute)
    {
        private double _level;
        private long _at;

        public void Add(long amount, TimeProvider time, long now) => (_level, _at) = (Math.Max(0, Now(time, now) + amount), now);

        /// <summary>The time until the level is below the limit; null: it is.</summary>
        public TimeSpan? Wait(TimeProvider time, long now)
        {
            var above = Now(time, now) - perMinute;
            return above < 0 ? null : TimeSpan.FromMinutes(above / perMinute) + TimeSpan.FromMilliseconds(1);
        }

        private double Now(TimeProvider time, long now) => Math.Max(0, _level - (time.GetElapsedTime(_at, now).TotalMinutes * perMinute));
    }
}
