namespace AiGateway.Application.Telemetry.Metrics;

/// <summary>
/// Keeps measures until there are several, and then records them in one go: from the second one on, the code and the data of
/// the SDK are in the processor's caches.
/// </summary>
/// <param name="record">Records one. Several threads may call it at once.</param>
/// <param name="size">How many are recorded in one go. More gain little, and the request that records them waits longer.</param>
/// <typeparam name="T">What is measured.</typeparam>
internal sealed class MeasureBuffer<T>(MeasureBuffer<T>.Recorder record, int size = 32)
    where T : struct
{
    private readonly Lock _gate = new();
    private T[] _kept = new T[size];
    private T[]? _spare = new T[size];
    private int _count;

    /// <summary>Records a measure.</summary>
    public delegate void Recorder(in T measure);

    /// <summary>Keeps a measure. If the buffer is full then, all that it keeps are recorded.</summary>
    public void Add(in T measure)
    {
        T[] full;
        lock (_gate)
        {
            _kept[_count++] = measure;
            if (_count < size) return;
            full = Take();
        }

        Record(full, size);
    }

    /// <summary>Records what is kept.</summary>
    public void Drain()
    {
        T[] taken;
        int count;
        lock (_gate)
        {
            if ((count = _count) == 0) return;
            taken = Take();
        }

        Record(taken, count);
    }

    private T[] Take()
    {
        var taken = _kept;
        (_kept, _spare, _count) = (_spare ?? new T[size], null, 0);
        return taken;
    }

    // Outside the lock. The array is used again, unless another thread gives one back after it.
    private void Record(T[] taken, int count)
    {
        var measures = taken.AsSpan(0, count);
        foreach (ref readonly var measure in measures) record(measure);
        measures.Clear();
        Volatile.Write(ref _spare, taken);
    }
}
