using System.Text.Json;
using AiGateway.Application.Providers;

namespace AiGateway.Application.Translation.Replies;

/// <summary>
/// A provider's stream in the client's wire. What the adapter read from an event stays on exactly one chunk, so counting and
/// charging do not depend on the translation. An event that becomes nothing for the client is a chunk with empty JSON.
/// </summary>
internal sealed class TranslatedChunks(
    IAsyncEnumerator<ReplyChunk> source, IEventTranslation translation, Func<Exception, Exception> toFailure) : IAsyncEnumerator<ReplyChunk>
{
    private readonly List<TranslatedEvent> _events = [];
    private int _next;
    private bool _isEnded;

    public ReplyChunk Current { get; private set; }

    public async ValueTask<bool> MoveNextAsync()
    {
        if (_next < _events.Count)
        {
            Current = Of(default, _events[_next++]);
            return true;
        }

        if (_isEnded) return false;
        _events.Clear();
        _next = 0;
        if (await source.MoveNextAsync())
        {
            var read = source.Current;
            Translate(read);
            Current = _events.Count == 0 ? Of(read, default) : Of(read, _events[_next++]);
            return true;
        }

        _isEnded = true;
        Translate(read: null);
        return await MoveNextAsync();
    }

    public ValueTask DisposeAsync() => source.DisposeAsync();

    private static ReplyChunk Of(ReplyChunk chunk, TranslatedEvent each) =>
        chunk with { Json = each.Json, EventType = each.Type, IsUsageOnly = each.IsUsageOnly };

    // An adapter checks only what it reads itself. Null: the stream has ended.
    private void Translate(ReplyChunk? read)
    {
        try
        {
            if (read is { } chunk) translation.Add(chunk, _events);
            else translation.Finish(_events);
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            throw toFailure(malformed);
        }
    }
}
