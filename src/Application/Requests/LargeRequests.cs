namespace AiGateway.Application.Requests;

/// <summary>
/// Reads and writes the JSON of large requests on threads of their own. 8 MiB take up to 0.2 s, and the threads of the pool
/// belong to all requests.
/// </summary>
public sealed class LargeRequests : IDisposable
{
    private const int LeastBytes = 256 * 1024;

    // One processor is left to the other requests.
    private readonly OwnThreads _threads = new(Math.Max(1, Environment.ProcessorCount - 1));

    /// <summary>Whether work on this JSON takes long.</summary>
    public static bool IsLarge(ReadOnlyMemory<byte> json) => json.Length >= LeastBytes;

    /// <summary>Whether work on the JSON of this request takes long.</summary>
    public static bool IsLarge(ModelRequest request) => (request.Wire?.Body.Length ?? request.TextLength) >= LeastBytes;

    /// <summary>Waits for a free thread and does the work. The caller goes on on a thread of the pool.</summary>
    /// <param name="work">The work. What it does after its first wait is done elsewhere.</param>
    /// <param name="cancellationToken">Ends the wait; work that has begun goes on.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled before the work began.</exception>
    public Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellationToken) => _threads.RunAsync(work, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _threads.Dispose();
}
