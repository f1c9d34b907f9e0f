using AiGateway.Domain;

namespace AiGateway.Infrastructure.Providers.Targets;

/// <summary>
/// Protects one model of one provider that keeps failing; no user can close it for another. It opens after
/// <see cref="FailuresToOpen"/> failures within <see cref="Window"/> that are not of one user alone. While it is open, a
/// user whose request has failed is refused, except for one attempt per <see cref="Pause"/>. Every other user may try until
/// one of their requests fails. A success closes it for everyone.
/// </summary>
internal sealed class CircuitBreaker(TimeProvider time, ActiveUsers users)
{
    public const int FailuresToOpen = 10;
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <summary>Most users that are refused while it is open, which bounds the memory; all others may try.</summary>
    private const int MostRefused = 1_000;

    private readonly Lock _gate = new();

    // The failures that count, oldest first.
    private readonly List<Counted> _failures = new(FailuresToOpen);

    // While it is open: when each user who has failed may try next. The times are per user, because one user must not use up
    // the attempts of another.
    private readonly Dictionary<Guid, DateTimeOffset> _nextTries = [];
    private ErrorCode? _openedBy;
    private DateTimeOffset _lastTry;

    // Read without the lock: with a working provider a success has nothing to clear.
    private volatile bool _hasFailures;

    /// <summary>The failure that opened it, and when the last refused user may try; null: it is closed.</summary>
    public OpenCircuit? Open
    {
        get
        {
            lock (_gate)
            {
                if (_openedBy is not { } code || time.GetUtcNow() - _lastTry > ActiveUsers.ActiveFor) return null;
                return new OpenCircuit(code, _nextTries.Values.DefaultIfEmpty().Max());
            }
        }
    }

    /// <summary>Asks whether a request may be sent; null when it may.</summary>
    public OpenCircuit? Enter(Guid user)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            users.See(user, now);

            // There was no attempt for so long that the old state is meaningless.
            if (_openedBy is not null && now - _lastTry > ActiveUsers.ActiveFor) Close();
            if (_openedBy is not { } code) return null;

            // The next try cannot be further away than a pause, unless the clock was set back.
            var hasFailed = _nextTries.TryGetValue(user, out var next);
            if (hasFailed && next > now && next - now <= Pause) return new OpenCircuit(code, next);
            if (hasFailed) _nextTries[user] = now + Pause;
            _lastTry = now;
            return null;
        }
    }

    /// <summary>Reports a success.</summary>
    public void Succeed()
    {
        if (!_hasFailures) return;
        lock (_gate)
        {
            if (_openedBy is not null) Close();

            // One success outweighs one failure that counts alone, and all others.
            _failures.RemoveAll(static failure => !failure.CountsAlone);
            if (_failures.Count > 0) _failures.RemoveAt(0);
            _hasFailures = _failures.Count > 0;
        }
    }

    /// <summary>Reports a failure.</summary>
    /// <param name="user">The user of the request.</param>
    /// <param name="code">How it failed.</param>
    /// <param name="countsAlone">Whether the cause is independent of the request, so failures of one user are enough.</param>
    public void Fail(Guid user, ErrorCode code, bool countsAlone)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            if (_openedBy is not null)
            {
                if (_nextTries.Count < MostRefused || _nextTries.ContainsKey(user)) _nextTries[user] = now + Pause;
                return;
            }

            _failures.RemoveAll(failure => now - failure.At > Window);
            if (_failures.Count == FailuresToOpen) _failures.RemoveAt(0);
            _failures.Add(new Counted(now, user, countsAlone));
            _hasFailures = true;
            if (_failures.Count < FailuresToOpen || !AreEnough(user, now)) return;
            (_openedBy, _lastTry) = (code, now);
            _nextTries[user] = now + Pause;
        }
    }

    private bool AreEnough(Guid user, DateTimeOffset now) =>
        _failures.TrueForAll(static failure => failure.CountsAlone)
        || _failures.Exists(failure => failure.User != user)
        || users.IsTheOnlyOne(user, now);

    private void Close()
    {
        _openedBy = null;
        _nextTries.Clear();
        _failures.Clear();
        _hasFailures = false;
    }

    private readonly record struct Counted(DateTimeOffset At, Guid User, bool CountsAlone);
}

/// <summary>An open circuit.</summary>
/// <param name="Code">The code of the failure that opened it.</param>
/// <param name="Until">When the refused user may try next.</param>
internal readonly record struct OpenCircuit(ErrorCode Code, DateTimeOffset Until);
