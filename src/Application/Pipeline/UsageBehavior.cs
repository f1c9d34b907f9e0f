using AiGateway.Application.Generation;
using AiGateway.Application.Telemetry;
using AiGateway.Domain;
using MediatR;

namespace AiGateway.Application.Pipeline;

/// <summary>
/// Settles the hold of the quota behavior in every case: it is charged, or released when nothing is owed. A streamed reply
/// settles its hold when the stream ends.
/// </summary>
internal sealed class UsageBehavior(RequestSettler settler, DrainEnd drain) : IPipelineBehavior<Generate, GenerateReply>
{
    public async Task<GenerateReply> Handle(
        Generate request, CancellationToken cancellationToken, RequestHandlerDelegate<GenerateReply> next)
    {
        request.Plan!.Attempts.Span = GenerationSpan.Start(request);
        GenerateReply reply;
        try
        {
            reply = await next();
        }
        catch (Exception failure)
        {
            await settler.FailAsync(request, request.Plan.Attempts, CodeOf(failure, drain, cancellationToken));
            throw;
        }

        if (reply.Answer.Chunks is not { } chunks) return await settler.SettleAsync(reply);

        // The settling stream replaces the provider's: nobody can read on without paying.
        reply = reply with { Answer = reply.Answer with { Chunks = null } };
        return reply with { Stream = new SettlingStream(reply, chunks, settler, drain, cancellationToken) };
    }

    /// <summary>The code of a failure in the ledger.</summary>
    public static ErrorCode CodeOf(Exception failure, DrainEnd drain, CancellationToken callerLeft) => failure switch
    {
        AiGatewayException known => known.Code,

        // The gateway closed the connection.
        OperationCanceledException when drain.IsOver => ErrorCode.ProviderTimeout,
        OperationCanceledException when callerLeft.IsCancellationRequested => ErrorCode.ClientClosedRequest,
        _ => ErrorCode.InternalError,
    };
}
