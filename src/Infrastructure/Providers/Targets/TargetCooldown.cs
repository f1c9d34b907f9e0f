using AiGateway.Domain;

namespace AiGateway.Infrastructure.Providers.Targets;

/// <summary>
/// How long one model of one provider is tried after other targets because it fails. It only changes the order of targets;
/// the circuit breaker refuses. One user cannot cool a target for everyone: failures that a request may cause count only from
/// two users, or from the only user of the last minute.
/// </summary>
internal sealed class TargetCooldown(TimeProvider time, ActiveUsers users)
{
    public const int FailuresToCool = 3;
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(60);
    public static readonly TimeSpan First = TimeSpan.FromSeconds(5);
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    /// <summary>After a failure that only the operator can fix: a rejected key, an empty account, a missing deployment.</summary>
    public static readonly TimeSpan OfTheAccount = TimeSpan.FromMinutes(5);

    /// <summary>Most users whose failures are remembered while it cools, which bounds the memory.</summary>
    private const int MostUsers = 1_000;

    private readonly Lock _gate = new();
    private readonly List<(DateTimeOffset At, Guid User)> _failures = new(FailuresToCool);
    private readonly HashSet<Guid> _failedUsers = [];
    private DateTimeOffset _until;
    private DateTimeOffset _nextTry;
    private bool _isForEveryone;
    private int _level;

    // Read without the lock: a working target has nothing to look up.
    private volatile bool _hasFailed;

    /// <summary>The failure that started the cooldown.</summary>
    public ErrorCode Reason { get; private set; }

    /// <summary>When the target cools for anybody; null: it does not.</summary>
    public DateTimeOffset? Until
    {
        get
        {
            if (!_hasFailed) return null;
            lock (_gate) return _until > time.GetUtcNow() ? _until : null;
        }
    }

    /// <summary>
    /// When this user's request may try the target again; null: now. After the cooldown one request may try, and the others
    /// wait for its result.
    /// </summary>
    public DateTimeOffset? UntilFor(Guid user)
    {
        if (!_hasFailed) return null;
        lock (_gate)
        {
            var now = time.GetUtcNow();
            if (_level == 0) return null;
            if (!_isForEveryone && !_failedUsers.Contains(user)) return null;
            if (_until > now) return _until;
            if (_nextTry > now) return _nextTry;
            _nextTry = now + First;
            return null;
        }
    }

    /// <summary>Reports a success, which ends the cooldown.</summary>
    public void Succeed()
    {
        if (!_hasFailed) return;
        lock (_gate)
        {
            _failures.Clear();
            _failedUsers.Clear();
            (_level, _until, _nextTry, _hasFailed) = (0, default, default, false);
        }
    }

    /// <summary>Reports a failure of the target.</summary>
    public void Fail(Guid user, ProviderFailure failure)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            _hasFailed = true;
            if (_failedUsers.Count < MostUsers) _failedUsers.Add(user);
            if (failure.IsOfTheAccount) Cool(now, OfTheAccount, failure, forEveryone: true);
            else if (failure.Exception.Code == ErrorCode.ProviderRateLimited) Cool(now, Asked(failure) ?? Doubled(), failure, forEveryone: true);
            else if (failure.CountsAlone) Cool(now, Doubled(), failure, forEveryone: true);
            else Count(now, user, failure);
        }
    }

    private void Count(DateTimeOffset now, Guid user, ProviderFailure failure)
    {
        // The one try after a cooldown failed.
        if (_level > 0)
        {
            if (_until <= now) Cool(now, Doubled(), failure, _isForEveryone);
            return;
        }

        _failures.RemoveAll(each => now - each.At > Window);
        _failures.Add((now, user));
        if (_failures.Count < FailuresToCool) return;
        var isOfSeveral = _failures.Exists(each => each.User != user) || users.IsTheOnlyOne(user, now);
        if (isOfSeveral) Cool(now, Doubled(), failure, forEveryone: false);
    }

    private void Cool(DateTimeOffset now, TimeSpan pause, ProviderFailure failure, bool forEveryone)
    {
        _level = Math.Min(_level + 1, 16);
        _isForEveryone = forEveryone;
        _until = now + pause;
        _nextTry = default;
        Reason = failure.Exception.Code;
    }

    private TimeSpan Doubled() => TimeSpan.FromTicks(Math.Min(Longest.Ticks, First.Ticks << _level));

    private static TimeSpan? Asked(ProviderFailure failure) =>
        failure.Exception.RetryAfter is { } asked && asked > TimeSpan.Zero ? asked < Longest ? asked : Longest : null;
}
