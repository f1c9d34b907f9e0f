using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace AiGateway.Infrastructure.Callers;

/// <summary>
/// Caches results of database look-ups for a short time, found or not. Requests with the same key share one look-up. A
/// result is as old as the start of its look-up, so no change stays unseen for longer than <paramref name="staleness"/>.
/// </summary>
internal sealed class LookupCache<TKey, TAnswer>(
    int capacity, TimeSpan staleness, TimeProvider time, Func<TKey, IPAddress?, Task<TAnswer>> ask)
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, Lookup> _lookups = new();

    public int Count => _lookups.Count;

    /// <summary>The result, if it is cached.</summary>
    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TAnswer answer)
    {
        var isThere = _lookups.TryGetValue(key, out var lookup) && IsFresh(lookup)
            && lookup.Answer is { IsValueCreated: true, Value.IsCompletedSuccessfully: true };
        answer = isThere ? lookup!.Answer.Value.Result : default;
        return isThere;
    }

    /// <summary>Whether a look-up is in progress that another request for the key shares.</summary>
    public bool IsPending(TKey key) =>
        _lookups.TryGetValue(key, out var lookup) && IsFresh(lookup) && !(lookup.Answer.IsValueCreated && lookup.Answer.Value.IsCompleted);

    /// <param name="key">The key to look up.</param>
    /// <param name="address">The client address.</param>
    /// <param name="cancellationToken">Ends the wait, not the look-up.</param>
    public ValueTask<TAnswer> GetAsync(TKey key, IPAddress? address, CancellationToken cancellationToken)
    {
        var answer = _lookups.TryGetValue(key, out var lookup) && IsFresh(lookup) ? lookup.Answer.Value : AskOnce(key, address, lookup);
        return answer.IsCompletedSuccessfully ? new(answer.Result) : new(answer.WaitAsync(cancellationToken));
    }

    public void Clear() => _lookups.Clear();

    /// <summary>Removes the matching results, and all pending look-ups, whose results are not known yet.</summary>
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
        // Strangers choose the keys: a flood of them clears the table instead of filling the memory.
        if (_lookups.Count >= capacity) _lookups.Clear();

        // It must be in the table before the database is queried: a later change then removes it. The query runs on a thread
        // of its own, because SQLite's client blocks the calling thread.
        var fresh = new Lookup(time.GetTimestamp(), new Lazy<Task<TAnswer>>(() => Task.Run(() => ask(key, address))));
        var winner = _lookups.AddOrUpdate(key, fresh, (_, current) => ReferenceEquals(current, stale) ? fresh : current);
        return winner.Answer.Value;
    }

    private sealed record Lookup(long AskedAt, Lazy<Task<TAnswer>> Answer);
}
