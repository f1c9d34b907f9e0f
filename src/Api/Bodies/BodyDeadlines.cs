using System.IO.Pipelines;
using AiGateway.Api.Limits;

namespace AiGateway.Api.Bodies;

/// <summary>
/// Cuts bodies that do not arrive in time. One shared timer: a timer per request would cost every request, to serve the
/// few whose client stalls.
/// </summary>
internal sealed class BodyDeadlines : IDisposable
{
    private static readonly TimeSpan LongestTick = TimeSpan.FromSeconds(1);
    private const int TicksOfATimeout = 10;

    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly ITimer _timer;

    // All deadlines have the same length, so they fall due in order of their start.
    private readonly LinkedList<BodyDeadline> _waiting = new();

    public BodyDeadlines(RequestBounds bounds, TimeProvider time)
    {
        (_timeout, _time) = (bounds.BodyTimeout, time);
        var tick = _timeout / TicksOfATimeout < LongestTick ? _timeout / TicksOfATimeout : LongestTick;
        _timer = time.CreateTimer(_ => CutLate(), null, tick, tick);
    }

    /// <summary>Bodies that are still arriving.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock) return _waiting.Count;
        }
    }

    /// <summary>Starts the deadline of a body. Its reader ends it in every case.</summary>
    public BodyDeadline Start(PipeReader reader)
    {
        var deadline = new BodyDeadline(this, reader, _time.GetTimestamp());
        lock (_lock) _waiting.AddLast(deadline.Place);
        return deadline;
    }

    public void Dispose() => _timer.Dispose();

    internal void Remove(BodyDeadline deadline)
    {
        lock (_lock)
        {
            if (deadline.Place.List is not null) _waiting.Remove(deadline.Place);
        }
    }

    private void CutLate()
    {
        while (TakeLate() is { } late) late.Cut();
    }

    private BodyDeadline? TakeLate()
    {
        lock (_lock)
        {
            if (_waiting.First is not { Value: var first } || _time.GetElapsedTime(first.StartedAt) < _timeout) return null;
            _waiting.RemoveFirst();
            return first;
        }
    }
}

/// <summary>The deadline of one body.</summary>
internal sealed class BodyDeadline
{
    private readonly BodyDeadlines _deadlines;
    private readonly PipeReader _reader;
    private int _isDecided;

    public BodyDeadline(BodyDeadlines deadlines, PipeReader reader, long startedAt)
    {
        (_deadlines, _reader, StartedAt) = (deadlines, reader, startedAt);
        Place = new LinkedListNode<BodyDeadline>(this);
    }

    public LinkedListNode<BodyDeadline> Place { get; }

    public long StartedAt { get; }

    /// <summary>Cancels the waiting read, unless the body is complete.</summary>
    public void Cut()
    {
        if (Interlocked.Exchange(ref _isDecided, 1) == 0) _reader.CancelPendingRead();
    }

    /// <summary>The body is complete, or given up; false when it was cut before.</summary>
    public bool TryEnd()
    {
        _deadlines.Remove(this);
        return Interlocked.Exchange(ref _isDecided, 1) == 0;
    }
}
