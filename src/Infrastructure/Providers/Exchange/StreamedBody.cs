using System.Text.Json;
using AiGateway.Application.OpenAiWire;
using AiGateway.Infrastructure.Providers.Http;

namespace AiGateway.Infrastructure.Providers.Exchange;

/// <summary>Reads a whole body of events as one reply, for a server that answers a plain request with a stream.</summary>
internal sealed class StreamedBody(ProviderFailures failures, WireEndpoint endpoint, string apiKey, int status)
{
    private readonly IEventCollector _collected = endpoint.NewCollector();

    /// <summary>The reply, or the failure that the stream ends with.</summary>
    public async Task<(ReadOnlyMemory<byte> Body, ProviderFailure? Failure)> ReadAsync(ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var events = new SseReader(new MemoryStream(body.ToArray(), writable: false), ResponseBodyReader.MaxReplyBytes);
        var readEvent = endpoint.NewEventReader();
        var hasFinished = false;
        var hasOutput = false;
        try
        {
            while (await events.ReadAsync(cancellationToken) is var read && read != SseRead.End)
            {
                if (read == SseRead.NoData) continue;
                if ((endpoint.EndsWithDone || hasFinished) && EventPayload.IsDone(events.Data.Span)) return Whole();
                var kind = readEvent(events.Data, events.EventType, null, out var chunk);
                if (kind == ChunkKind.Malformed) return (default, failures.Malformed(status));
                if (kind == ChunkKind.Error) return (default, Reported(events.Data, hasOutput));
                if (kind == ChunkKind.Skipped) continue;
                var isLast = kind is ChunkKind.Last or ChunkKind.Failed;
                _collected.Add(chunk.Json, isLast);
                if (isLast) return Whole();
                hasFinished |= chunk.FinishReason is not null;
                hasOutput |= chunk.Text is { Length: > 0 };
            }
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            return (default, failures.Malformed(status));
        }

        return hasFinished ? Whole() : (default, failures.BrokenOff(status));
    }

    private (ReadOnlyMemory<byte> Body, ProviderFailure? Failure) Whole() =>
        _collected.ToJson() is { } whole ? (whole, null) : (default, failures.Malformed(status));

    private ProviderFailure Reported(ReadOnlyMemory<byte> data, bool hasOutput)
    {
        var error = ProviderErrorBody.From(data, apiKey);
        return failures.InReply(error, RateLimitHeaders.ParseDuration(error.RetryDelay), hasOutput);
    }
}
