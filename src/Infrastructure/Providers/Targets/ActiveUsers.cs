namespace AiGateway.Infrastructure.Providers.Targets;

/// <summary>The two users whose requests came last: enough to know whether one user is alone.</summary>
internal sealed class ActiveUsers
{
    /// <summary>How long a user counts as active after a request.</summary>
    public static readonly TimeSpan ActiveFor = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private Sighting? _latest;
    private Sighting? _other;

    /// <summary>Notes a request of this user.</summary>
    public void See(Guid user, DateTimeOffset now)
    {
        lock (_gate)
        {
            if (_latest?.User != user) _other = _latest;
            _latest = new Sighting(user, now);
        }
    }

    /// <summary>Whether no other user was active within the last minute.</summary>
    public bool IsTheOnlyOne(Guid user, DateTimeOffset now)
    {
        lock (_gate)
        {
            var other = _latest?.User == user ? _other : _latest;
            return other is null || now - other.Value.At > ActiveFor;
        }
    }

    private readonly record struct Sighting(Guid User, DateTimeOffset At);
}
