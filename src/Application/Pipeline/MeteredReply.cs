using System.Text;
using AiGateway.Application.Generation;
using AiGateway.Domain;

namespace AiGateway.Application.Pipeline;

/// <summary>
/// A streamed reply with its hold: however the stream ends, and also when its reader walks away, the hold ends with it,
/// once. A chunk counts as delivered when it is handed to be written: whether a client that leaves in that moment still
/// received it nobody can know, and the provider has billed it.
/// </summary>
internal sealed class MeteredReply(
    GenerateReply reply, IAsyncEnumerator<ReplyChunk> chunks, UsageBooks books, CancellationToken callerLeft) : IStreamedReply
{
    private readonly TimeSpan _timeToFirstToken = books.Age(reply.Call.Request);
    private readonly StringBuilder _delivered = new();
    private ModelReply _answer = reply.Answer;
    private bool _isEnded;

    public ReplyChunk Current { get; private set; }

    public GenerateReply? Summary { get; private set; }

    public async ValueTask<bool> MoveNextAsync()
    {
        Current = default;
        try
        {
            if (await chunks.MoveNextAsync())
            {
                Current = chunks.Current;
                _delivered.Append(Current.Text);
                Note(Current);
                return true;
            }
        }
        catch (Exception failure)
        {
            await EndAsync(UsageBehavior.CodeOf(failure, callerLeft));
            throw;
        }

        await EndAsync(null);
        return false;
    }

    public ValueTask DisposeAsync() => new(EndAsync(ErrorCode.ClientClosedRequest));

    private void Note(ReplyChunk chunk)
    {
        if (chunk is { Usage: null, FinishReason: null, Model: null, Tier: ServiceTier.Standard }) return;
        _answer = _answer with
        {
            Usage = chunk.Usage ?? _answer.Usage,
            FinishReason = chunk.FinishReason ?? _answer.FinishReason,
            Model = chunk.Model ?? _answer.Model,
            Tier = chunk.Tier == ServiceTier.Standard ? _answer.Tier : chunk.Tier,
        };
    }

    private async Task EndAsync(ErrorCode? error)
    {
        if (_isEnded) return;
        _isEnded = true;

        // First the connection: the provider writes, and bills, until it closes.
        try
        {
            await chunks.DisposeAsync();
        }
        finally
        {
            await SettleAsync(error);
        }
    }

    // A provider that fails before it delivered anything is owed nothing. A reader who leaves may be billed for the prompt.
    private async Task SettleAsync(ErrorCode? error)
    {
        var owesNothing = error is not null and not ErrorCode.ClientClosedRequest && _answer.Usage is null && _delivered.Length == 0;
        if (owesNothing)
        {
            await books.ReleaseAsync(reply.Call.Request, error!.Value);
            return;
        }

        var ended = reply with { Answer = _answer with { DeliveredText = _delivered.ToString() } };
        Summary = await books.SettleAsync(ended, _timeToFirstToken, error);
    }
}
