using AiGateway.Application.Generation;
using AiGateway.Domain;
using MediatR;

namespace AiGateway.Application.Pipeline;

/// <summary>
/// Ends the hold that the quota behavior took, whatever happens: settled, or released when nothing was delivered.
/// A streamed reply takes the hold with it and ends it when the stream ends.
/// </summary>
internal sealed class UsageBehavior(UsageBooks books) : IPipelineBehavior<Generate, GenerateReply>
{
    public async Task<GenerateReply> Handle(
        Generate request, CancellationToken cancellationToken, RequestHandlerDelegate<GenerateReply> next)
    {
        GenerateReply reply;
        try
        {
            reply = await next();
        }
        catch (Exception failure)
        {
            await books.ReleaseAsync(request, CodeOf(failure, cancellationToken));
            throw;
        }

        return reply.Answer.Chunks is { } chunks
            ? reply with { Stream = new MeteredReply(reply, chunks, books, cancellationToken) }
            : await books.SettleAsync(reply);
    }

    /// <summary>What a failure is called in the books.</summary>
    public static ErrorCode CodeOf(Exception failure, CancellationToken callerLeft) => failure switch
    {
        AiGatewayException known => known.Code,
        OperationCanceledException when callerLeft.IsCancellationRequested => ErrorCode.ClientClosedRequest,
        _ => ErrorCode.InternalError,
    };
}
