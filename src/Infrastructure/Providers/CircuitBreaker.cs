using AiGateway.Domain;

namespace AiGateway.Infrastructure.Providers;

/// <summary>
/// Spares one model of one provider that keeps failing, and lets no user close it for another. It opens after
/// <see cref="FailuresToOpen"/> failures within <see cref="Window"/> that are not one user's alone. While it is open, a user
/// whose request has failed is refused, except for one try each <see cref="Pause"/>; every other user may try until one of
/// their requests fails. A success closes it for everyone.
/// </summary>
internal sealed class CircuitBreaker(TimeProvider time)
{
    public const int FailuresToOpen = 10;
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <summary>How long a user counts as active after a request. Beside an active user, another's failures are not enough.</summary>
    public static readonly TimeSpan ActiveFor = TimeSpan.FromMinutes(1);

    /// <summary>Most users that are refused while it is open, which bounds the memory; all others may try.</summary>
    private const int MostRefused = 1_000;

    private readonly Lock _gate = new();

    // Those that count, oldest first.
    private readonly List<Counted> _failures = new(FailuresToOpen);
    private readonly HashSet<Guid> _refused = [];
    private Sighting? _latest;
    private Sighting? _other;
    private OpenCircuit? _open;

    // Read without the lock: a success has nothing to forget in a provider that works.
    private volatile bool _hasFailures;

    /// <summary>Asks to send a request; null when it may be sent.</summary>
    public OpenCircuit? Enter(Guid user)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            See(user, now);

            // Nobody has come to try for so long that what was known then says nothing about now.
            if (_open?.Until + ActiveFor < now) Close();
            if (_open is not { } open || !_refused.Contains(user)) return null;

            // Until when cannot be further away than a pause, unless the clock was set back.
            if (open.Until > now && open.Until - now <= Pause) return open;
            _open = open with { Until = now + Pause };
            return null;
        }
    }

    /// <summary>Tells that a request was answered.</summary>
    public void Succeed()
    {
        if (!_hasFailures) return;
        lock (_gate)
        {
            if (_open is not null) Close();

            // One success outweighs one failure that counts by itself, and all others.
            _failures.RemoveAll(static failure => !failure.CountsAlone);
            if (_failures.Count > 0) _failures.RemoveAt(0);
            _hasFailures = _failures.Count > 0;
        }
    }

    /// <summary>Tells that a request failed.</summary>
    /// <param name="user">Whose it was.</param>
    /// <param name="code">How it failed.</param>
    /// <param name="countsAlone">Whether no request brings this about, so that failures of one user are enough.</param>
    public void Fail(Guid user, ErrorCode code, bool countsAlone)
    {
        lock (_gate)
        {
            if (_open is not null)
            {
                if (_refused.Count < MostRefused) _refused.Add(user);
                return;
            }

            var now = time.GetUtcNow();
            _failures.RemoveAll(failure => now - failure.At > Window);
            if (_failures.Count == FailuresToOpen) _failures.RemoveAt(0);
            _failures.Add(new Counted(now, user, countsAlone));
            _hasFailures = true;
            if (_failures.Count < FailuresToOpen || !AreEnough(user, now)) return;
            _open = new OpenCircuit(code, now + Pause);
            _refused.Add(user);
        }
    }

    private void See(Guid user, DateTimeOffset now)
    {
        if (_latest?.User != user) _other = _latest;
        _latest = new Sighting(user, now);
    }

    private bool AreEnough(Guid user, DateTimeOffset now) =>
        _failures.TrueForAll(static failure => failure.CountsAlone)
        || _failures.Exists(failure => failure.User != user)
        || IsTheOnlyOneActive(user, now);

    private bool IsTheOnlyOneActive(Guid user, DateTimeOffset now)
    {
        var other = _latest?.User == user ? _other : _latest;
        return other is null || now - other.Value.At > ActiveFor;
    }

    private void Close()
    {
        _open = null;
        _refused.Clear();
        _failures.Clear();
        _hasFailures = false;
    }

    private readonly record struct Counted(DateTimeOffset At, Guid User, bool CountsAlone);

    private readonly record struct Sighting(Guid User, DateTimeOffset At);
}

/// <summary>A circuit that is open.</summary>
/// <param name="Code">How the request failed that opened it.</param>
/// <param name="Until">When the next request of a user who was refused may try.</param>
internal readonly record struct OpenCircuit(ErrorCode Code, DateTimeOffset Until);
