using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace AiGateway.Infrastructure.Security;

/// <summary>
/// Answers of the database kept in memory for a short while, found or not. Requests that ask for the same thing at once
/// share one question. An answer is as old as its question, so that no change stays unseen for longer than
/// <paramref name="staleness"/>.
/// </summary>
internal sealed class BoundedLookups<TKey, TAnswer>(
    int capacity, TimeSpan staleness, TimeProvider time, Func<TKey, IPAddress?, Task<TAnswer>> ask)
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, Lookup> _lookups = new();

    public int Count => _lookups.Count;

    /// <summary>The answer, if it is at hand.</summary>
    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TAnswer answer)
    {
        var isThere = _lookups.TryGetValue(key, out var lookup) && IsFresh(lookup)
            && lookup.Answer is { IsValueCreated: true, Value.IsCompletedSuccessfully: true };
        answer = isThere ? lookup!.Answer.Value.Result : default;
        return isThere;
    }

    /// <param name="key">What is asked for.</param>
    /// <param name="address">On whose behalf.</param>
    /// <param name="cancellationToken">Ends the wait, not the question.</param>
    public ValueTask<TAnswer> GetAsync(TKey key, IPAddress? address, CancellationToken cancellationToken)
    {
        var answer = _lookups.TryGetValue(key, out var lookup) && IsFresh(lookup) ? lookup.Answer.Value : AskOnce(key, address, lookup);
        return answer.IsCompletedSuccessfully ? new(answer.Result) : new(answer.WaitAsync(cancellationToken));
    }

    public void Clear() => _lookups.Clear();

    /// <summary>Forgets the answers that match, and those that are still awaited: whom they are about is not known yet.</summary>
    public void Remove(Predicate<TAnswer> matches)
    {
        foreach (var each in _lookups)
        {
            var isKept = each.Value.Answer is { IsValueCreated: true, Value: { IsCompletedSuccessfully: true } known } && !matches(known.Result);
            if (!isKept) _lookups.TryRemove(each);
        }
    }

    private bool IsFresh(Lookup lookup) =>
        time.GetElapsedTime(lookup.AskedAt) < staleness && !(lookup.Answer.IsValueCreated && lookup.Answer.Value.IsFaulted);

    private Task<TAnswer> AskOnce(TKey key, IPAddress? address, Lookup? stale)
    {
        // Keys are chosen by strangers: a flood of them empties the memory instead of filling it.
        if (_lookups.Count >= capacity) _lookups.Clear();

        // It must be in the table before the database is asked: a change that comes later then removes it.
        // On a thread of its own, because SQLite's client blocks the one it is called on.
        var fresh = new Lookup(time.GetTimestamp(), new Lazy<Task<TAnswer>>(() => Task.Run(() => ask(key, address))));
        var winner = _lookups.AddOrUpdate(key, fresh, (_, current) => ReferenceEquals(current, stale) ? fresh : current);
        return winner.Answer.Value;
    }

    private sealed record Lookup(long AskedAt, Lazy<Task<TAnswer>> Answer);
}
