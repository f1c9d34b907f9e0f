using System.Collections.Concurrent;
using AiGateway.Domain;

namespace AiGateway.Application.Alerts;

/// <summary>
/// Follows which accounts of providers only the operator can repair. An outage is told once. It is over when the provider
/// answers and has not refused the account for a while, so an account that comes and goes is not told again and again.
/// </summary>
/// <param name="time">The clock.</param>
public sealed class ProviderOutages(TimeProvider time)
{
    /// <summary>How long an account must not be refused before an answer ends its outage.</summary>
    public static readonly TimeSpan Calm = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<(string Provider, string Model), long> _open = new();
    private readonly ConcurrentQueue<ProviderOutage> _changes = new();
    private volatile int _count;

    /// <summary>Whether a change is to be stored.</summary>
    public bool HasChanges => !_changes.IsEmpty;

    /// <summary>The account was refused.</summary>
    /// <param name="provider">The provider.</param>
    /// <param name="model">The model that is refused; empty: every model.</param>
    /// <param name="problem">What is wrong.</param>
    public void NoteRefusal(string provider, string model, AlertProblem problem)
    {
        var now = time.GetUtcNow();
        if (_open.TryAdd((provider, model), now.UtcTicks))
        {
            Interlocked.Increment(ref _count);
            _changes.Enqueue(new(provider, model, problem, now));
            return;
        }

        _open[(provider, model)] = now.UtcTicks;
    }

    /// <summary>The provider answered. It costs nothing while no account is refused.</summary>
    public void NoteAnswer(string provider, string model)
    {
        if (_count == 0) return;
        var now = time.GetUtcNow();
        TryEnd((provider, ""), now);
        TryEnd((provider, model), now);
    }

    /// <summary>The next change that is to be stored.</summary>
    public bool TryPeek(out ProviderOutage change) => _changes.TryPeek(out change);

    /// <summary>The change that <see cref="TryPeek"/> returned is stored.</summary>
    public void Stored() => _changes.TryDequeue(out _);

    private void TryEnd((string Provider, string Model) part, DateTimeOffset now)
    {
        if (!_open.TryGetValue(part, out var last) || now.UtcTicks - last < Calm.Ticks) return;
        if (!_open.TryRemove(KeyValuePair.Create(part, last))) return;
        Interlocked.Decrement(ref _count);
        _changes.Enqueue(new(part.Provider, part.Model, null, now));
    }
}
