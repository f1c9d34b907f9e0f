using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Http.Features;

namespace AiGateway.Api.Streaming;

/// <summary>
/// Server-sent events to one client. Each event is flushed by itself, and the flush waits for the client. A slow client
/// slows the provider down instead of filling the gateway's memory.
/// </summary>
internal sealed class EventStream
{
    // Aborting a connection drops data that the network has not taken yet.
    private static readonly TimeSpan TimeToLeave = TimeSpan.FromMilliseconds(200);

    private readonly HttpContext _context;
    private readonly PipeWriter _writer;
    private readonly CancellationToken _clientLeft;

    private EventStream(HttpContext context) =>
        (_context, _writer, _clientLeft) = (context, context.Response.BodyWriter, context.RequestAborted);

    /// <summary>Sets the headers; they are sent with the first event.</summary>
    public static EventStream Open(HttpContext context)
    {
        var response = context.Response;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "text/event-stream; charset=utf-8";
        response.Headers.CacheControl = "no-cache";

        // Asks nginx and compatible proxies not to buffer events.
        response.Headers["X-Accel-Buffering"] = "no";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        return new EventStream(context);
    }

    /// <summary>Writes one event and sends it. Data with line feeds is sent as several data lines.</summary>
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
    /// Sends the event of a failure and aborts the connection. Some clients, such as OpenAI's for .NET, read past an error
    /// event and would take a normal end for a complete answer.
    /// </summary>
    public async ValueTask FailAsync(ReadOnlyMemory<byte> data, string? type = null)
    {
        await SendAsync(data, type);

        // A client that knows the event closes the connection itself. The wait is for the network, so it does not use the
        // gateway's clock.
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
