using System.Text;
using AiGateway.Application.Generation;
using AiGateway.Application.Providers;
using AiGateway.Domain;

namespace AiGateway.Application.Pipeline;

/// <summary>
/// A streamed reply with its hold. The request is settled once, however the stream ends and when its reader leaves. A chunk
/// counts as delivered when it is handed to the writer. Whether a client that leaves then still receives it is unknown, and
/// the provider has billed it.
/// </summary>
internal sealed class SettlingStream(
    GenerateReply reply, IAsyncEnumerator<ReplyChunk> chunks, RequestSettler settler, DrainEnd drain, CancellationToken callerLeft) : IStreamedReply
{
    private readonly TimeSpan _timeToFirstToken = settler.Age(reply.Call.Request);
    private readonly StringBuilder _delivered = new();
    private ModelReply _answer = reply.Answer;
    private long _textChunks;
    private bool _answerHasBegun;
    private bool _isEnded;

    public ReplyChunk Current { get; private set; }

    public GenerateReply? Summary { get; private set; }

    private bool HasDelivered => _textChunks > 0 || _answer.FinishReason is not null;

    public async ValueTask<bool> MoveNextAsync()
    {
        Current = default;
        try
        {
            if (await chunks.MoveNextAsync())
            {
                Current = chunks.Current;
                Note(Current);
                return true;
            }
        }
        catch (Exception failure)
        {
            await EndAsync(UsageBehavior.CodeOf(failure, drain, callerLeft), (failure as ProviderException)?.Outcome);
            throw;
        }

        await EndAsync(null);
        return false;
    }

    // A gateway that stops closes the connection of a client that would have stayed. After a finish reason only the usage is missing.
    public ValueTask DisposeAsync() =>
        new(EndAsync(drain.IsOver && _answer.FinishReason is null ? ErrorCode.ProviderTimeout : ErrorCode.ClientClosedRequest));

    private void Note(ReplyChunk chunk)
    {
        if (chunk.Text is { Length: > 0 } text)
        {
            _delivered.Append(text);
            _textChunks++;
            _answerHasBegun |= !chunk.IsReasoning;
        }

        if (chunk.ToolCalls is { } tools) _answer = _answer with { ToolCalls = [.. _answer.ToolCalls, .. tools] };
        if (chunk is { Usage: null, FinishReason: null, Model: null, Tier: ServiceTier.Standard } && chunk.Surcharges == default) return;
        _answer = _answer with
        {
            Usage = chunk.Usage ?? _answer.Usage,
            Surcharges = _answer.Surcharges.With(chunk.Surcharges),
            ReportedCostNanoUsd = chunk.ReportedCostNanoUsd ?? _answer.ReportedCostNanoUsd,
            FinishReason = chunk.FinishReason ?? _answer.FinishReason,
            Model = chunk.Model ?? _answer.Model,
            Tier = chunk.Tier == ServiceTier.Standard ? _answer.Tier : chunk.Tier,
        };
    }

    private async Task EndAsync(ErrorCode? error, AttemptOutcome? outcome = null)
    {
        if (_isEnded) return;
        _isEnded = true;

        // The connection is closed first: the provider writes, and bills, until then.
        try
        {
            if (error == ErrorCode.ClientClosedRequest) await ReadUsageAsync();
            await chunks.DisposeAsync();
        }
        finally
        {
            await SettleAsync(error, outcome);
        }
    }

    // The usage follows the finish reason at once. The stream bounds how long it is read after the caller has left.
    private async Task ReadUsageAsync()
    {
        try
        {
            while (_answer is { FinishReason: not null, Usage: null } && await chunks.MoveNextAsync()) Note(chunks.Current);
        }
        catch (Exception failure) when (failure is AiGatewayException or OperationCanceledException)
        {
            // The answer was complete. Without its usage, it is counted.
        }
    }

    private async Task SettleAsync(ErrorCode? error, AttemptOutcome? outcome)
    {
        var delivery = new Delivery(_timeToFirstToken, _textChunks, _answerHasBegun);
        var ended = reply with { Answer = _answer with { DeliveredText = _delivered.ToString() } };
        if (error is null or ErrorCode.ClientClosedRequest || _answer.Usage is not null)
            Summary = await settler.SettleAsync(ended, delivery, error);
        else if (outcome == AttemptOutcome.Refused && !HasDelivered)
            await settler.FailAsync(reply.Call.Request, reply.Call.Attempts!, error.Value, AttemptOutcome.Refused);
        else
            await settler.SettleBrokenAsync(ended, delivery, error.Value);
    }
}

/// <summary>The part of a stream that was delivered to its caller.</summary>
/// <param name="TimeToFirstToken">From the request's arrival to the first chunk; null: not a stream.</param>
/// <param name="TextChunks">Chunks with text: at least one token each.</param>
/// <param name="AnswerHasBegun">Whether text of the answer came after the reasoning.</param>
internal readonly record struct Delivery(TimeSpan? TimeToFirstToken, long TextChunks, bool AnswerHasBegun);
