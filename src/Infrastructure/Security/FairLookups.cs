using System.Net;

namespace AiGateway.Infrastructure.Security;

/// <summary>
/// Bounds how many look-ups ask the database at once. Those of keys that were good lately go first; the others take turns
/// by address, so that no flood of guesses keeps another address waiting.
/// </summary>
internal sealed class FairLookups(int most)
{
    private readonly Lock _lock = new();
    private readonly Queue<TaskCompletionSource> _first = new();
    private readonly Dictionary<IPAddress, Queue<TaskCompletionSource>> _waiting = [];

    // Each address that waits stands here once.
    private readonly Queue<IPAddress> _turns = new();
    private int _running;

    /// <summary>Asks when it is this look-up's turn.</summary>
    /// <param name="address">Whose turn it takes; null: it goes before all that have one.</param>
    /// <param name="ask">The question.</param>
    public async Task<T> RunAsync<T>(IPAddress? address, Func<Task<T>> ask)
    {
        await EnterAsync(address);
        try
        {
            return await ask();
        }
        finally
        {
            Leave();
        }
    }

    private Task EnterAsync(IPAddress? address)
    {
        lock (_lock)
        {
            if (_running < most)
            {
                _running++;
                return Task.CompletedTask;
            }

            var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            QueueOf(address).Enqueue(turn);
            return turn.Task;
        }
    }

    // Whoever leaves hands its place on.
    private void Leave()
    {
        lock (_lock)
        {
            if (!_first.TryDequeue(out var next) && !TryTakeTurn(out next)) _running--;
            else next!.SetResult();
        }
    }

    private Queue<TaskCompletionSource> QueueOf(IPAddress? address)
    {
        if (address is null) return _first;
        if (_waiting.TryGetValue(address, out var queue)) return queue;
        _turns.Enqueue(address);
        return _waiting[address] = new Queue<TaskCompletionSource>();
    }

    private bool TryTakeTurn(out TaskCompletionSource? next)
    {
        next = null;
        if (!_turns.TryDequeue(out var address)) return false;
        var queue = _waiting[address];
        next = queue.Dequeue();
        if (queue.Count > 0) _turns.Enqueue(address);
        else _waiting.Remove(address);
        return true;
    }
}
