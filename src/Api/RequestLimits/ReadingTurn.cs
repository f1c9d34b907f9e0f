namespace AiGateway.Api.RequestLimits;

/// <summary>
/// The part of a body that is read without a pause. A sender that is faster than the gateway would else keep a thread of the
/// pool for its whole body: with eight bodies of 8 MiB at once, all other requests waited for 0.2 s.
/// </summary>
internal struct ReadingTurn()
{
    private const int MostBytes = 128 * 1024;

    private int _end = MostBytes;

    /// <summary>Whether it is time for other work. The next part begins then.</summary>
    /// <param name="length">Bytes of the body so far.</param>
    public bool IsOver(int length)
    {
        if (length < _end) return false;
        _end = length + MostBytes;
        return true;
    }

    /// <summary>Goes on behind all work that waits for a thread of the pool. <see cref="Task.Yield"/> would go on before it.</summary>
    public static Task NextAsync() => Task.Factory.StartNew(
        static () => { }, CancellationToken.None, TaskCreationOptions.PreferFairness, TaskScheduler.Default);
}
