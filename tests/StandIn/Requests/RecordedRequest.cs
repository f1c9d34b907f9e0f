using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace AiGateway.StandIn.Requests;

/// <summary>A request as it arrived, and the progress of its reply.</summary>
public sealed class RecordedRequest
{
    private readonly TaskCompletionSource<DateTimeOffset> _clientLeft = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _bytesSent;
    private int _eventsSent;
    private int _isCut;

    private RecordedRequest(long number, DateTimeOffset receivedAt, HttpRequest request, byte[] body)
    {
        (Number, ReceivedAt, Body) = (number, receivedAt, body);
        Method = request.Method;
        Path = request.Path.Value ?? "/";
        Query = request.QueryString.Value ?? "";
        Headers = request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The number of the request, counted from 1 in order of arrival.</summary>
    public long Number { get; }

    /// <summary>The time when its body had arrived.</summary>
    public DateTimeOffset ReceivedAt { get; }

    /// <summary>The method.</summary>
    public string Method { get; }

    /// <summary>The path, unescaped.</summary>
    public string Path { get; }

    /// <summary>The query with its question mark; empty for none.</summary>
    public string Query { get; }

    /// <summary>The headers. The case of their names does not matter.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; }

    /// <summary>The bytes of the body.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>The bytes of the reply's body that the operating system has taken.</summary>
    public long BytesSent => Interlocked.Read(ref _bytesSent);

    /// <summary>The events of the reply that the operating system has taken.</summary>
    public int EventsSent => Volatile.Read(ref _eventsSent);

    /// <summary>Whether the stand-in closed the connection before the end of the reply.</summary>
    public bool IsCut => Volatile.Read(ref _isCut) == 1;

    /// <summary>Completes when the client closes the connection before the end of the reply.</summary>
    public Task<DateTimeOffset> ClientLeft => _clientLeft.Task;

    /// <summary>Completes when the stand-in has finished the request.</summary>
    public Task Ended => _ended.Task;

    /// <summary>The body as JSON.</summary>
    public JsonElement Json => JsonElement.Parse(Body.Span);

    internal static async Task<RecordedRequest> ReadAsync(HttpRequest request, long number, DateTimeOffset receivedAt)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        return new RecordedRequest(number, receivedAt, request, body.ToArray());
    }

    internal void NoteBytes(int count) => Interlocked.Add(ref _bytesSent, count);

    internal void NoteEvent() => Interlocked.Increment(ref _eventsSent);

    internal void MarkCut() => Interlocked.Exchange(ref _isCut, 1);

    internal void MarkClientLeft(DateTimeOffset at)
    {
        if (!IsCut && !_ended.Task.IsCompleted) _clientLeft.TrySetResult(at);
    }

    internal void MarkEnded() => _ended.TrySetResult();
}
