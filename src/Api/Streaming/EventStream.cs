using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Http.Features;

namespace AiGateway.Api.Streaming;

/// <summary>
/// Server-sent events to one client. Each event is flushed by itself, and the flush waits for the client. A slow client
/// slows the provider down instead of filling the gateway's memory. After <see cref="LongestSilence"/> without an event a sign
/// of life is sent, also before the first event: clients and proxies give up on a silent connection.
/// </summary>
internal sealed class EventStream : IAsyncDisposable
{
    /// <summary>The time without an event after which a sign of life is sent.</summary>
    public static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(10);

    // Aborting a connection drops data that the network has not taken yet.
    private static readonly TimeSpan TimeToLeave = TimeSpan.FromMilliseconds(200);

    private readonly HttpContext _context;
    private readonly PipeWriter _writer;
    private readonly CancellationToken _clientLeft;
    private readonly TimeProvider _time;
    private readonly Func<StreamEvent?> _signOfLife;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly ITimer _timer;
    private long _sentAt;
    private bool _isQuiet;

    /// <summary>Begins to watch the time. Nothing is sent yet.</summary>
    /// <param name="context">The request.</param>
    /// <param name="signOfLife">The event to send after a silence; null: a comment. Events never carry an id, so a comment is ignored.</param>
    public EventStream(HttpContext context, Func<StreamEvent?> signOfLife)
    {
        (_context, _writer, _clientLeft, _signOfLife) = (context, context.Response.BodyWriter, context.RequestAborted, signOfLife);
        _time = context.RequestServices.GetRequiredService<TimeProvider>();
        _sentAt = _time.GetTimestamp();
        _timer = _time.CreateTimer(static stream => _ = ((EventStream)stream!).BreakSilenceAsync(), this, LongestSilence, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether the headers were sent. A failure then can no longer be an error status.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Writes one event and sends it. Line feeds in the data, which JSON has only between its tokens, become blanks.</summary>
    /// <exception cref="OperationCanceledException">The client left.</exception>
    public async ValueTask SendAsync(StreamEvent data)
    {
        await _turn.WaitAsync(_clientLeft);
        try
        {
            await WriteAsync(data);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Sends the headers when no event did.</summary>
    public void Open()
    {
        if (IsOpen) return;
        IsOpen = true;
        var response = _context.Response;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "text/event-stream; charset=utf-8";
        response.Headers.CacheControl = "no-cache";

        // Asks nginx and compatible proxies not to buffer events.
        response.Headers["X-Accel-Buffering"] = "no";
        _context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
    }

    /// <summary>
    /// Sends the event of a failure and aborts the connection. Some clients, such as OpenAI's for .NET, read past an error
    /// event and would take a normal end for a complete answer.
    /// </summary>
    public async ValueTask FailAsync(StreamEvent data)
    {
        await SendAsync(data);

        // A client that knows the event closes the connection itself. The wait is for the network, so it does not use the
        // gateway's clock.
        await Task.Delay(TimeToLeave, TimeProvider.System, _clientLeft).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _context.Abort();
    }

    /// <summary>Sends no more signs of life. One that is being sent is waited for.</summary>
    public async ValueTask StopSignsOfLifeAsync()
    {
        await _timer.DisposeAsync();
        await _turn.WaitAsync(CancellationToken.None);
        _isQuiet = true;
        _turn.Release();
    }

    public async ValueTask DisposeAsync()
    {
        await StopSignsOfLifeAsync();
        _turn.Dispose();
    }

    private async Task BreakSilenceAsync()
    {
        try
        {
            await _turn.WaitAsync(_clientLeft);
            try
            {
                if (_isQuiet) return;
                if (_time.GetElapsedTime(_sentAt) >= LongestSilence) await WriteAsync(_signOfLife());
                _timer.Change(LongestSilence - _time.GetElapsedTime(_sentAt), Timeout.InfiniteTimeSpan);
            }
            finally
            {
                _turn.Release();
            }
        }
        catch (Exception left) when (left is OperationCanceledException or ObjectDisposedException)
        {
            // The client left, or the stream has ended.
        }
    }

    private async ValueTask WriteAsync(StreamEvent? data)
    {
        Open();
        if (data is { } given) Write(given);
        else _writer.Write(": keep-alive\n\n"u8);
        var flushed = await _writer.FlushAsync(_clientLeft);
        _sentAt = _time.GetTimestamp();

        // A closed connection can end the flush before it cancels the token.
        if (flushed.IsCompleted || flushed.IsCanceled) throw new OperationCanceledException("The client has hung up.");
    }

    private void Write(StreamEvent data)
    {
        if (data.Type is { } type)
        {
            _writer.Write("event: "u8);
            Encoding.UTF8.GetBytes(type, _writer);
            _writer.Write("\n"u8);
        }

        _writer.Write("data: "u8);
        var json = data.Data.Span;
        while (json.IndexOf((byte)'\n') is var end && end >= 0)
        {
            _writer.Write(json[..end]);
            _writer.Write(" "u8);
            json = json[(end + 1)..];
        }

        _writer.Write(json);
        _writer.Write("\n\n"u8);
    }
}
