namespace AiGateway.Api.Limits;

/// <summary>What the requests of one user use of this process now.</summary>
internal sealed class CallerShare
{
    private const int Dropped = -1;

    private int _running;
    private int _estimates;

    /// <summary>Memory of the bodies of the user's requests.</summary>
    public BodyMemory Bodies { get; } = new();

    /// <summary>Counts one more request.</summary>
    /// <param name="most">Most requests at once.</param>
    /// <returns>Whether it may run; null when this share was dropped and replaced by another.</returns>
    public bool? TryEnter(int most)
    {
        var running = Volatile.Read(ref _running);
        while (true)
        {
            if (running == Dropped) return null;
            if (running >= most) return false;
            var seen = Interlocked.CompareExchange(ref _running, running + 1, running);
            if (seen == running) return true;
            running = seen;
        }
    }

    public void Leave() => Interlocked.Decrement(ref _running);

    /// <summary>Counts one more estimate; false at the limit.</summary>
    public bool TryEstimate(int most)
    {
        if (Interlocked.Increment(ref _estimates) <= most) return true;
        EndEstimate();
        return false;
    }

    public void EndEstimate() => Interlocked.Decrement(ref _estimates);

    /// <summary>Closes this share if nothing runs. A closed share admits nothing.</summary>
    public bool TryDrop() => Interlocked.CompareExchange(ref _running, Dropped, 0) == 0;
}
