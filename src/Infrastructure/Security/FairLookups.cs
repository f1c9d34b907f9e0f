using System.Net;

namespace AiGateway.Infrastructure.Security;

/// <summary>
/// Bounds the look-ups that query the database at once. Recently valid keys go first. All others take turns by address, so a
/// flood of guesses does not delay another address.
/// </summary>
internal sealed class FairLookups(int most)
{
    private readonly Lock _lock = new();
    private readonly Queue<TaskCompletionSource> _first = new();
    private readonly Dictionary<IPAddress, Queue<TaskCompletionSource>> _waiting = [];

    // Each waiting address is listed once.
    private readonly Queue<IPAddress> _turns = new();
    private int _running;

    /// <summary>Runs the query when it is this look-up's turn.</summary>
    /// <param name="address">The address whose turn it takes; null: it goes before all others.</param>
    /// <param name="ask">The query.</param>
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

    // A look-up that leaves passes its place on.
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
