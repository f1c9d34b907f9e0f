using AiGateway.Application.OpenAiWire;
using AiGateway.Application.Providers;
using AiGateway.Domain;
using AiGateway.Infrastructure.Providers.Http;

namespace AiGateway.Infrastructure.Providers.Exchange;

/// <summary>
/// A streamed reply, read from the provider one event at a time. It ends normally at <c>[DONE]</c> where the wire has that,
/// after an event that declares itself the last, or when the body ends in order after a finish reason; any other end throws.
/// It must be disposed, which closes the connection unless the stream has ended.
/// </summary>
internal sealed class ReplyStream : IAsyncEnumerator<ReplyChunk>
{
    /// <summary>Far beyond any chunk of text; a tool call or an image may come as one.</summary>
    private const int MaxEventBytes = 16 * 1024 * 1024;

    /// <summary>
    /// Events before any output are held back at most this long. Until then a failure has its own status and may be retried.
    /// </summary>
    public static readonly TimeSpan MaxHoldingBack = TimeSpan.FromSeconds(10);

    // After the last event the HTTP body ends, which frees the connection for the next call.
    private static readonly TimeSpan PatienceAfterLast = TimeSpan.FromMilliseconds(250);

    // A client may close the connection after the finish reason. The usage follows at once and shows the billed tokens.
    private static readonly TimeSpan PatienceForUsage = TimeSpan.FromSeconds(2);

    private readonly HttpResponseMessage _response;
    private readonly int _status;
    private readonly ReplyStreamPlan _plan;
    private readonly ProviderFailures _failures;
    private readonly CancellationToken _callerToken;
    private readonly CancellationTokenSource _reading;
    private readonly SseReader _events;
    private readonly EventReader _readEvent;
    private readonly Queue<ReplyChunk> _heldBack = new();
    private CancellationTokenRegistration _callerLeaves;
    private Task<ProviderFailure?>? _underWay;
    private ReplyChunk _read;
    private ChunkKind _kind;
    private long _lastEventAt;
    private bool _isBegun;
    private bool _isHandedOut;
    private volatile bool _isIdleTimed;
    private volatile bool _hasFinished;
    private volatile bool _callerHasLeft;
    private bool _isEnded;
    private bool _isReported;

    /// <param name="plan">What the stream needs to know of its call.</param>
    /// <param name="response">The answer; the stream owns it from now on.</param>
    /// <param name="body">Its body, decompressed.</param>
    /// <param name="callerToken">Cancelled when the caller leaves.</param>
    public ReplyStream(ReplyStreamPlan plan, HttpResponseMessage response, Stream body, CancellationToken callerToken)
    {
        (_plan, _response, _status, _callerToken) = (plan, response, (int)response.StatusCode, callerToken);
        (_failures, _readEvent) = (plan.Failures, plan.Endpoint.NewEventReader());
        _reading = new CancellationTokenSource(Timeout.InfiniteTimeSpan, plan.Time);
        _events = new SseReader(body, MaxEventBytes);
    }

    public ReplyChunk Current { get; private set; }

    /// <summary>The model that answers; null before an event names it.</summary>
    public string? Model { get; private set; }

    /// <summary>The whole body of a reply that is not streamed although it was asked to be; null: it is streamed.</summary>
    public ReadOnlyMemory<byte>? PlainBody { get; private set; }

    /// <summary>
    /// Reads up to the first event that counts, or the whole of a plain body; null on success. After a failure, a
    /// cancellation or a plain body the connection is closed.
    /// </summary>
    public async Task<ProviderFailure?> BeginAsync(CancellationToken attemptToken)
    {
        ProviderFailure? failure;
        try
        {
            await using var registration = attemptToken.UnsafeRegister(static reading => ((CancellationTokenSource)reading!).Cancel(), _reading);
            failure = await ReadPlainAsync();
            if (failure is null && PlainBody is null) failure = await ReadOpeningAsync();
        }
        catch
        {
            await DisposeAsync();
            throw;
        }

        if (failure is not null || PlainBody is not null)
        {
            await DisposeAsync();
            return failure;
        }

        _callerLeaves = _callerToken.UnsafeRegister(static stream => ((ReplyStream)stream!).LeaveCaller(), this);
        return null;
    }

    public async ValueTask<bool> MoveNextAsync()
    {
        if (_heldBack.TryDequeue(out var held))
        {
            Current = held;
            return true;
        }

        if (_underWay is null && _isEnded)
        {
            Current = default;
            return false;
        }

        var failure = await ReadWithinIdleTimeAsync();
        if (failure is null)
        {
            if (_isEnded) Report(null);
            Current = _isEnded ? default : _read;
            return !_isEnded;
        }

        Report(failure);
        await DisposeAsync();
        throw failure.Exception;
    }

    public async ValueTask DisposeAsync()
    {
        // The caller left in the middle of a good stream.
        if (_isHandedOut) Report(null);
        _isEnded = true;
        _heldBack.Clear();
        await _callerLeaves.DisposeAsync();
        _response.Dispose();
        if (_underWay is { } underWay) await Task.WhenAny(underWay);
        _underWay = null;
        _reading.Dispose();
    }

    private async ValueTask<ProviderFailure?> ReadPlainAsync()
    {
        try
        {
            if (!await _events.IsJsonAsync(_reading.Token)) return null;
            PlainBody = await _events.ReadAllAsync(ResponseBodyReader.MaxReplyBytes, _reading.Token);
            return PlainBody is null ? _failures.TooLarge(_status) : null;
        }
        catch (Exception) when (_reading.IsCancellationRequested)
        {
            throw new OperationCanceledException(_reading.Token);
        }
        catch (Exception failure) when (ProviderFailures.IsOfTheConnection(failure))
        {
            return _failures.BrokenOff(_status, failure);
        }
    }

    // A copy of each event is kept, because an event is valid only until the next one is read.
    private async ValueTask<ProviderFailure?> ReadOpeningAsync()
    {
        CancellationTokenSource? released = null;
        Task? release = null;
        try
        {
            do
            {
                ProviderFailure? failure;
                if (_heldBack.Count == 0)
                {
                    failure = await ReadAsync();
                }
                else
                {
                    var underWay = ReadAsync().AsTask();
                    released ??= new CancellationTokenSource();
                    if (!underWay.IsCompleted && await Task.WhenAny(underWay, release ??= Task.Delay(MaxHoldingBack, _plan.Time, released.Token)) != underWay)
                    {
                        _underWay = underWay;
                        break;
                    }

                    failure = await underWay;
                }

                if (failure is not null) return failure;
                if (!_isEnded) _heldBack.Enqueue(_read with { Json = _read.Json.ToArray() });
            }
            while (!_isEnded && _kind == ChunkKind.Opening);
        }
        finally
        {
            released?.Cancel();
            released?.Dispose();
        }

        _isHandedOut = _heldBack.Count > 0;
        return _isHandedOut ? null : _failures.Malformed(_status);
    }

    // At once, even without a reader: the provider writes, and bills, until its connection closes.
    private void LeaveCaller()
    {
        _callerHasLeft = true;
        if (_hasFinished)
        {
            _reading.CancelAfter(PatienceForUsage);
            return;
        }

        _reading.Cancel();
        _response.Dispose();
    }

    private void Report(ProviderFailure? failure)
    {
        if (_isReported) return;
        _isReported = true;
        _plan.OnEnd(failure);
    }

    private async ValueTask<ProviderFailure?> ReadWithinIdleTimeAsync()
    {
        // The caller may leave at this moment; then its time-out applies instead of the idle time-out.
        var wasLeft = _callerHasLeft;
        _lastEventAt = _plan.Time.GetTimestamp();
        _isIdleTimed = true;
        if (!_callerHasLeft) _reading.CancelAfter(_plan.IdleTimeout);
        if (_callerHasLeft && !wasLeft) _reading.CancelAfter(PatienceForUsage);
        try
        {
            var underWay = _underWay;
            _underWay = null;
            return underWay is null ? await ReadAsync() : await underWay;
        }
        catch (OperationCanceledException) when (!_callerToken.IsCancellationRequested)
        {
            var late = new ProviderTimeoutException(_plan.Provider, _plan.IdleTimeout) { Outcome = AttemptOutcome.Unknown };
            return new ProviderFailure(late, MayRetry: false, CountsAsDown: true);
        }
        catch (OperationCanceledException)
        {
            await DisposeAsync();
            throw new OperationCanceledException(_callerToken);
        }
        finally
        {
            _isIdleTimed = false;
            if (!_isEnded && !_callerHasLeft) _reading.CancelAfter(Timeout.InfiniteTimeSpan);
        }
    }

    // Comments show that the provider works, but not for ever: the time for an event is limited too.
    private void NoteLife()
    {
        if (!_isIdleTimed || _callerHasLeft) return;
        var left = _plan.EventTimeout - _plan.Time.GetElapsedTime(_lastEventAt);
        if (left <= TimeSpan.Zero) _reading.Cancel();
        else _reading.CancelAfter(left < _plan.IdleTimeout ? left : _plan.IdleTimeout);
    }

    /// <summary>Reads one event for the client, or finds the end.</summary>
    /// <exception cref="OperationCanceledException">Reading was cancelled.</exception>
    private async ValueTask<ProviderFailure?> ReadAsync()
    {
        if (_kind is ChunkKind.Last or ChunkKind.Failed)
        {
            await EndAsync();
            return null;
        }

        while (true)
        {
            SseRead read;
            try
            {
                read = await _events.ReadAsync(_reading.Token);
            }
            catch (Exception) when (_reading.IsCancellationRequested)
            {
                throw new OperationCanceledException(_reading.Token);
            }
            catch (Exception failure) when (ProviderFailures.IsOfTheConnection(failure))
            {
                return _events.IsTooLarge ? _failures.TooLarge(_status) : _failures.BrokenOff(_status, failure);
            }

            if (read == SseRead.End) return EndOfBody();
            if (read == SseRead.Event)
            {
                _isBegun = true;
                if (EventPayload.IsDone(_events.Data.Span) && (_plan.Endpoint.EndsWithDone || _hasFinished))
                {
                    await EndAsync();
                    return null;
                }

                var failure = Take();
                if (failure is not null || _kind != ChunkKind.Skipped) return failure;
            }

            NoteLife();
        }
    }

    // A body that ends without an event was not a stream, for example an HTML page.
    private ProviderFailure? EndOfBody()
    {
        if (!_hasFinished) return _isBegun ? _failures.BrokenOff(_status) : _failures.Malformed(_status);
        _isEnded = true;
        return null;
    }

    private ProviderFailure? Take()
    {
        var payload = _plan.Endpoint.RepairEvent is { } repair ? repair(_events.Data) : _events.Data;
        _kind = _readEvent(payload, _events.EventType, Model, out var chunk);
        if (_kind == ChunkKind.Malformed) return _failures.Malformed(_status);
        if (_kind == ChunkKind.Error || (_kind == ChunkKind.Failed && !_isHandedOut)) return ReportedFailure();
        if (_kind == ChunkKind.Skipped) return null;
        _hasFinished |= chunk.FinishReason is not null;
        Model = chunk.Model ?? Model;
        _read = _plan.Usage.Of(chunk);
        if (_read.PromptUsage is { } prompt) _plan.Attempts?.KnowPrompt(prompt);
        return null;
    }

    private ProviderFailure ReportedFailure()
    {
        var error = ProviderErrorBody.From(_events.Data, _plan.ApiKey);
        return _failures.InReply(error, RateLimitHeaders.ParseDuration(error.RetryDelay), hasOutput: false);
    }

    private async Task EndAsync()
    {
        _isEnded = true;
        _reading.CancelAfter(PatienceAfterLast);
        try
        {
            while (await _events.ReadAsync(_reading.Token) != SseRead.End)
            {
            }
        }
        catch (Exception ending) when (ProviderFailures.IsOfTheConnection(ending))
        {
            // The reply is complete; a connection that ends badly is not reused.
        }
    }
}
