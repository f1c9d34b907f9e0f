using AiGateway.Application.Providers;

namespace AiGateway.Application.Tests.Pipeline;

/// <summary>A provider's stream: it yields these chunks and then ends, or fails with this exception.</summary>
internal sealed class ScriptedChunks(IReadOnlyList<ReplyChunk> chunks, Exception? failure = null) : IAsyncEnumerator<ReplyChunk>
{
    private int _next;

    public ReplyChunk Current { get; private set; }

    public int Disposals { get; private set; }

    /// <summary>Thrown when the connection is closed; null if closing succeeds.</summary>
    public Exception? FailsToClose { get; init; }

    public static ReplyChunk Text(string text) => new() { Json = default, Text = text, Content = text };

    public async ValueTask<bool> MoveNextAsync()
    {
        await Task.Yield();
        if (_next < chunks.Count)
        {
            Current = chunks[_next++];
            return true;
        }

        return failure is null ? false : throw failure;
    }

    public ValueTask DisposeAsync()
    {
        Disposals++;
        return FailsToClose is null ? ValueTask.CompletedTask : ValueTask.FromException(FailsToClose);
    }
}
