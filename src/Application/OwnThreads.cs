namespace AiGateway.Application;

/// <summary>
/// Runs work that computes for long on threads of its own. On the threads of the pool, a few such pieces of work would delay
/// every other request.
/// </summary>
/// <param name="most">Pieces of work at once, at least 1. The others wait in the order of their arrival.</param>
public sealed class OwnThreads(int most) : IDisposable
{
    private readonly SemaphoreSlim _places = new(most, most);

    /// <summary>Waits for a free place and runs the work. The caller goes on on a thread of the pool.</summary>
    /// <param name="work">The work.</param>
    /// <param name="cancellationToken">Ends the wait; work that has begun goes on.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled before the work began.</exception>
    public async Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken);
        try
        {
            return await Task.Factory.StartNew(
                work,
                CancellationToken.None,
                TaskCreationOptions.LongRunning | TaskCreationOptions.RunContinuationsAsynchronously,
                TaskScheduler.Default);
        }
        finally
        {
            _places.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _places.Dispose();
}
