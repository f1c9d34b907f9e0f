using System.Collections.Concurrent;
using AiGateway.Domain;

namespace AiGateway.Application.Quotas;

/// <summary>
/// Remembers for a few seconds which users have used up a quota. Their next request is refused before its body is read and
/// its tokens are counted. Only refusals with no request or no nano-dollar left count, because these apply to smaller
/// requests as well, and only limits of the user: a key may have another budget than the next.
/// </summary>
public sealed class SpentQuotas(TimeProvider time)
{
    /// <summary>How long a refusal is remembered. A new limit set at another replica applies after this time.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromSeconds(5);

    private const int Capacity = 10_000;

    private readonly ConcurrentDictionary<Guid, Spent> _spent = new();

    /// <summary>Notes an answer of the ledger.</summary>
    public void Note(Guid userId, QuotaRefusal refusal)
    {
        if (!refusal.IsSpent || refusal.Scope is not null) return;
        if (_spent.Count >= Capacity) _spent.Clear();
        _spent[userId] = new Spent(refusal, time.GetTimestamp());
    }

    /// <summary>The used-up limit of the user; null: unknown.</summary>
    public QuotaRefusal? Find(Guid userId)
    {
        if (!_spent.TryGetValue(userId, out var spent)) return null;
        if (time.GetElapsedTime(spent.At) < Memory && time.GetUtcNow() < spent.Refusal.ResetsAt) return spent.Refusal;
        _spent.TryRemove(new(userId, spent));
        return null;
    }

    /// <summary>The user may have capacity again: its limits changed, or one of its requests finished.</summary>
    public void Forget(Guid userId) => _spent.TryRemove(userId, out _);

    private sealed record Spent(QuotaRefusal Refusal, long At);
}
