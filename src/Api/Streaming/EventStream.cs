using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Http.Features;

namespace AiGateway.Api.Streaming;

/// <summary>
/// Server-sent events to one client. Each event is flushed by itself, and the flush waits for the client: one that reads
/// slowly slows the provider down instead of filling the gateway's memory.
/// </summary>
internal sealed class EventStream
{
    // Breaking a connection off drops what the network has not taken yet.
    private static readonly TimeSpan TimeToLeave = TimeSpan.FromMilliseconds(200);

    private readonly HttpContext _context;
    private readonly PipeWriter _writer;
    private readonly CancellationToken _clientLeft;

    private EventStream(HttpContext context) =>
        (_context, _writer, _clientLeft) = (context, context.Response.BodyWriter, context.RequestAborted);

    /// <summary>Sets the headers; they leave with the first event.</summary>
    public static EventStream Open(HttpContext context)
    {
        var response = context.Response;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "text/event-stream; charset=utf-8";
        response.Headers.CacheControl = "no-cache";

        // Asks nginx, and those that follow it, not to hold events back.
        response.Headers["X-Accel-Buffering"] = "no";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        return new EventStream(context);
    }

    /// <summary>Writes one event and sends it. Data with line feeds goes out in as many data lines.</summary>
    /// <exception cref="OperationCanceledException">The client left.</exception>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> data, string? type = null)
    {
        if (type is not null)
        {
            _writer.Write("event: "u8);
            Encoding.UTF8.GetBytes(type, _writer);
            _writer.Write("\n"u8);
        }

        WriteData(data.Span);
        var flushed = await _writer.FlushAsync(_clientLeft);

        // A closed connection can end the flush before it cancels the token.
        if (flushed.IsCompleted || flushed.IsCanceled) throw new OperationCanceledException("The client has hung up.");
    }

    /// <summary>
    /// Sends the event of a failure and breaks the connection off: some clients, OpenAI's for .NET among them, read past an
    /// error event, and would take a proper end for a whole answer.
    /// </summary>
    public async ValueTask FailAsync(ReadOnlyMemory<byte> data, string? type = null)
    {
        await SendAsync(data, type);

        // A client that knows the event hangs up by itself. The wait is the network's, not the gateway's clock's.
        await Task.Delay(TimeToLeave, TimeProvider.System, _clientLeft).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _context.Abort();
    }

    private void WriteData(ReadOnlySpan<byte> data)
    {
        foreach (var line in data.Split((byte)'\n'))
        {
            _writer.Write("data: "u8);
            _writer.Write(data[line]);
            _writer.Write("\n"u8);
        }

        _writer.Write("\n"u8);
    }
}
