using System.Collections.Concurrent;

namespace AiGateway.Infrastructure.Security;

/// <summary>Recently valid keys.</summary>
internal sealed class GoodKeys(TimeProvider time)
{
    public static readonly TimeSpan Memory = TimeSpan.FromMinutes(5);

    private const int Capacity = 100_000;

    private readonly ConcurrentDictionary<KeyHash, long> _goodAt = new();

    public bool Contains(KeyHash key) => _goodAt.TryGetValue(key, out var at) && time.GetElapsedTime(at) < Memory;

    public void Add(KeyHash key)
    {
        if (_goodAt.Count >= Capacity)
        {
            foreach (var each in _goodAt)
            {
                if (time.GetElapsedTime(each.Value) >= Memory) _goodAt.TryRemove(each);
            }

            if (_goodAt.Count >= Capacity) _goodAt.Clear();
        }

        _goodAt[key] = time.GetTimestamp();
    }

    public void Remove(KeyHash key) => _goodAt.TryRemove(key, out _);
}
