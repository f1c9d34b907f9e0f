using System.Net.ServerSentEvents;
using AiGateway.Application.Generation;
using AiGateway.Domain;

namespace AiGateway.Infrastructure.Providers.OpenAi;

/// <summary>
/// A streamed reply, read from the provider one event at a time. It ends normally only at <c>[DONE]</c> or after an event
/// that declares itself the last; any other end throws. It must be disposed, which closes the connection unless the stream
/// has ended.
/// </summary>
internal sealed class OpenAiStream : IAsyncEnumerator<ReplyChunk>
{
    /// <summary>Far beyond any chunk of text; a tool call or an image may come as one.</summary>
    private const int MaxEventBytes = 16 * 1024 * 1024;

    // After the last event the HTTP body ends, which frees the connection for the next call.
    private static readonly TimeSpan PatienceAfterLast = TimeSpan.FromMilliseconds(250);

    // A client may close the connection after the finish reason. The usage follows at once and shows the billed tokens.
    private static readonly TimeSpan PatienceForUsage = TimeSpan.FromSeconds(2);

    private readonly HttpResponseMessage _response;
    private readonly int _status;
    private readonly OpenAiFailure _failures;
    private readonly string _provider;
    private readonly OpenAiEventReader _readEvent;
    private readonly UsageCheck _usage;
    private readonly TimeSpan _idleTimeout;
    private readonly CancellationToken _callerToken;
    private readonly Action<ProviderException> _onFailure;
    private readonly CancellationTokenSource _reading;
    private readonly LimitedStream _bytes;
    private readonly IAsyncEnumerator<SseItem<ReadOnlyMemory<byte>>> _events;
    private CancellationTokenRegistration _callerLeaves;
    private byte[] _payload = [];
    private ReplyChunk? _first;
    private bool _isBegun;
    private volatile bool _hasFinished;
    private volatile bool _callerHasLeft;
    private bool _isLast;
    private bool _isEnded;

    /// <param name="provider">The provider's name.</param>
    /// <param name="response">The answer; the stream owns it from now on.</param>
    /// <param name="readEvent">Reads its events.</param>
    /// <param name="usage">Checks whether the usage of an event is possible.</param>
    /// <param name="idleTimeout">Longest silence between two events, after the first one.</param>
    /// <param name="time">The clock.</param>
    /// <param name="onFailure">Called once when the stream fails after its first event.</param>
    /// <param name="callerToken">Cancelled when the caller leaves.</param>
    public OpenAiStream(
        string provider,
        HttpResponseMessage response,
        OpenAiEventReader readEvent,
        UsageCheck usage,
        TimeSpan idleTimeout,
        TimeProvider time,
        Action<ProviderException> onFailure,
        CancellationToken callerToken)
    {
        (_provider, _response, _status, _readEvent, _usage) = (provider, response, (int)response.StatusCode, readEvent, usage);
        (_idleTimeout, _onFailure, _callerToken) = (idleTimeout, onFailure, callerToken);
        _failures = new OpenAiFailure(provider);
        _reading = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _bytes = new LimitedStream(response.Content.ReadAsStream(CancellationToken.None), MaxEventBytes);
        _events = SseParser.Create(_bytes, (_, payload) => Keep(payload)).EnumerateAsync(_reading.Token).GetAsyncEnumerator(CancellationToken.None);
    }

    public ReplyChunk Current { get; private set; }

    /// <summary>The model that answers; null before an event names it.</summary>
    public string? Model { get; private set; }

    /// <summary>Reads the first event; null on success. After a failure or a cancellation the connection is closed.</summary>
    public async Task<ProviderFailure?> BeginAsync(CancellationToken attemptToken)
    {
        ProviderFailure? failure;
        try
        {
            await using var registration = attemptToken.UnsafeRegister(static reading => ((CancellationTokenSource)reading!).Cancel(), _reading);
            failure = await ReadAsync() is { } problem ? problem : _isEnded ? _failures.Malformed(_status) : null;
        }
        catch
        {
            await DisposeAsync();
            throw;
        }

        if (failure is not null)
        {
            await DisposeAsync();
            return failure;
        }

        _first = Current;
        _callerLeaves = _callerToken.UnsafeRegister(static stream => ((OpenAiStream)stream!).LeaveCaller(), this);
        return null;
    }

    public async ValueTask<bool> MoveNextAsync()
    {
        if (_first is not null)
        {
            _first = null;
            return true;
        }

        if (_isEnded) return false;
        var failure = await ReadWithinIdleTimeAsync();
        if (failure is null) return !_isEnded;

        await DisposeAsync();
        _onFailure(failure);
        throw failure;
    }

    public async ValueTask DisposeAsync()
    {
        _isEnded = true;
        _first = null;
        await _callerLeaves.DisposeAsync();

        // The connection is closed first: buffered data of the parser does not need it.
        _response.Dispose();
        await _events.DisposeAsync();
        _reading.Dispose();
        await _bytes.DisposeAsync();
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

    private async ValueTask<ProviderException?> ReadWithinIdleTimeAsync()
    {
        // The caller may leave at this moment; then its time-out applies instead of the idle time-out.
        var wasLeft = _callerHasLeft;
        if (!_callerHasLeft) _reading.CancelAfter(_idleTimeout);
        if (_callerHasLeft && !wasLeft) _reading.CancelAfter(PatienceForUsage);
        try
        {
            var failure = await ReadAsync();
            return failure?.Exception;
        }
        catch (OperationCanceledException) when (!_callerToken.IsCancellationRequested)
        {
            return new ProviderTimeoutException(_provider, _idleTimeout) { Outcome = AttemptOutcome.Unknown };
        }
        catch (OperationCanceledException)
        {
            await DisposeAsync();
            throw new OperationCanceledException(_callerToken);
        }
        finally
        {
            if (!_isEnded && !_callerHasLeft) _reading.CancelAfter(Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Reads one event into <see cref="Current"/>, or finds the end.</summary>
    /// <exception cref="OperationCanceledException">Reading was cancelled.</exception>
    private async ValueTask<ProviderFailure?> ReadAsync()
    {
        if (_isLast)
        {
            await EndAsync();
            return null;
        }

        try
        {
            if (!await _events.MoveNextAsync()) return EndedTooSoon();
        }
        catch (Exception) when (_reading.IsCancellationRequested)
        {
            throw new OperationCanceledException(_reading.Token);
        }
        catch (Exception failure) when (OpenAiFailure.IsOfTheConnection(failure))
        {
            return _bytes.IsExceeded ? _failures.TooLarge(_status) : _failures.BrokenOff(_status, failure);
        }

        _isBegun = true;
        _bytes.BeginAnew();
        var (payload, name) = (_events.Current.Data, _events.Current.EventType);
        if (payload.Span.SequenceEqual("[DONE]"u8))
        {
            await EndAsync();
            return null;
        }

        return Take(payload, name is SseParser.EventTypeDefault ? null : name);
    }

    // A body that ends without an event was not a stream: an HTML page or a plain reply.
    private ProviderFailure EndedTooSoon() =>
        _isBegun ? _failures.BrokenOff(_status) : _failures.Malformed(_status);

    private ProviderFailure? Take(ReadOnlyMemory<byte> payload, string? name)
    {
        var kind = _readEvent(payload, name, Model, out var chunk);
        if (kind == ChunkKind.Error) return _failures.WithinStream(_status);
        if (kind == ChunkKind.Malformed) return _failures.Malformed(_status);
        _isLast = kind == ChunkKind.Last;
        _hasFinished |= chunk.FinishReason is not null;
        Model = chunk.Model ?? Model;
        Current = _usage.Of(chunk);
        return null;
    }

    private async Task EndAsync()
    {
        _isEnded = true;
        Current = default;
        _reading.CancelAfter(PatienceAfterLast);
        try
        {
            while (await _events.MoveNextAsync()) _bytes.BeginAnew();
        }
        catch (Exception ending) when (OpenAiFailure.IsOfTheConnection(ending))
        {
            // The reply is complete; a connection that ends badly is not reused.
        }
    }

    // One buffer for all events: a chunk is valid only until the next one is requested.
    private ReadOnlyMemory<byte> Keep(ReadOnlySpan<byte> payload)
    {
        if (payload.Length > _payload.Length) _payload = new byte[Math.Max(payload.Length, 2 * _payload.Length)];
        payload.CopyTo(_payload);
        return _payload.AsMemory(0, payload.Length);
    }
}
