using AiGateway.Application;

namespace AiGateway.Api.RequestLimits;

/// <summary>
/// Has the JSON of large bodies read on threads of their own. Reading 8 MiB takes up to 0.2 s, and the threads of the pool
/// belong to all requests.
/// </summary>
internal sealed class LargeBodies : IDisposable
{
    private const int LeastBytes = 256 * 1024;

    private readonly OwnThreads _threads = new(Environment.ProcessorCount);

    /// <summary>Whether reading the body takes long.</summary>
    public static bool IsLarge(ReadOnlyMemory<byte> body) => body.Length >= LeastBytes;

    /// <summary>
    /// Runs the rest of the pipeline. Its thread is free again at the first wait of the request, which comes after the body
    /// was read.
    /// </summary>
    public async Task RunAsync(HttpContext context, RequestDelegate next) =>
        await await _threads.RunAsync(() => next(context), context.RequestAborted);

    public void Dispose() => _threads.Dispose();
}
