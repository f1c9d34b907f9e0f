using AiGateway.Application.OpenAiWire;
using AiGateway.Application.Providers;

namespace AiGateway.Infrastructure.Providers.Exchange;

/// <summary>A whole reply that is handed out as a stream. Its connection has ended.</summary>
internal sealed class FinishedStream(IReadOnlyList<WireEvent> events, EventReader readEvent, UsageCheck usage) : IAsyncEnumerator<ReplyChunk>
{
    private int _next;

    public ReplyChunk Current { get; private set; }

    public ValueTask<bool> MoveNextAsync()
    {
        if (_next == events.Count) return new(false);
        var (json, type) = events[_next++];
        readEvent(json, type, null, out var chunk);
        Current = usage.Of(chunk);
        return new(true);
    }

    public ValueTask DisposeAsync()
    {
        _next = events.Count;
        return ValueTask.CompletedTask;
    }
}
