namespace AiGateway.Application.Generation;

/// <summary>Stores the owner of each object that a stream names, before the client can see its id.</summary>
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
