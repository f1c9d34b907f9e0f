namespace AiGateway.Application.Generation;

/// <summary>Keeps who made what a stream names, before the client can see the name.</summary>
internal sealed class ReferenceKeepingChunks(IAsyncEnumerator<ReplyChunk> chunks, Func<IReadOnlyList<string>, Task> keep)
    : IAsyncEnumerator<ReplyChunk>
{
    public ReplyChunk Current => chunks.Current;

    public async ValueTask<bool> MoveNextAsync()
    {
        if (!await chunks.MoveNextAsync()) return false;
        if (chunks.Current.StoredId is { } id) await keep([id]);
        return true;
    }

    public ValueTask DisposeAsync() => chunks.DisposeAsync();
}
