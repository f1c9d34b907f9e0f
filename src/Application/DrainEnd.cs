namespace AiGateway.Application;

/// <summary>
/// The moment at which a gateway that stops no longer waits for requests under way. Those that are still open then end, and
/// their outcome is unknown.
/// </summary>
public sealed class DrainEnd(TimeProvider time) : IDisposable
{
    private readonly CancellationTokenSource _end = new(Timeout.InfiniteTimeSpan, time);

    /// <summary>Cancelled at that moment.</summary>
    public CancellationToken Token => _end.Token;

    /// <summary>Whether that moment is over.</summary>
    public bool IsOver => _end.IsCancellationRequested;

    /// <summary>The gateway was asked to stop.</summary>
    /// <param name="timeout">How long requests under way may take from now on; zero: they end at once.</param>
    public void Begin(TimeSpan timeout) => _end.CancelAfter(timeout);

    /// <inheritdoc/>
    public void Dispose() => _end.Dispose();
}
