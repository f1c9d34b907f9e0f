using System.Runtime.ExceptionServices;
using AiGateway.Application.Providers;
using AiGateway.Application.StoredResponses;
using AiGateway.Application.Translation;
using AiGateway.Domain;
using MediatR;
using Microsoft.Extensions.Logging;

namespace AiGateway.Application.Generation;

/// <summary>Calls the targets of the plan in turn until one answers. Each adapter decides about its own retries.</summary>
internal sealed partial class GenerateHandler(StoredReferences references, WireTranslator translator, DrainEnd drain, ILogger<GenerateHandler> logger)
    : IRequestHandler<Generate, GenerateReply>
{
    private const string StoppedWaiting =
        "The gateway stops and did not wait longer for the provider, which may bill the call. Send the request again to another gateway.";

    public async Task<GenerateReply> Handle(Generate request, CancellationToken cancellationToken)
    {
        // A plain reply is read to its end even when the caller has left: the provider bills it either way.
        var token = request.Stream ? cancellationToken : drain.Token;
        var plan = request.Plan!;
        List<ProviderException>? failures = null;
        foreach (var (adapter, call) in plan.Targets)
        {
            if (failures is not null && !plan.Attempts.HasRoom) break;

            // Without capacity to hold this attempt beside the earlier ones, the last failure is the answer.
            if (failures is not null && !await plan.Attempts.MayTryAsync(call)) ExceptionDispatchInfo.Throw(failures[^1]);
            ModelReply answer;
            try
            {
                answer = await adapter.GenerateAsync(call, token);
            }
            catch (ProviderException failure) when (plan.Targets.Count > 1 && plan.MayGoOnAfter(failure))
            {
                Log.Failed(logger, request.RequestId, adapter.Name, failure.Code.ToName(), failure.Message);
                (failures ??= []).Add(failure);
                continue;
            }

            catch (OperationCanceledException) when (drain.IsOver && !request.Stream)
            {
                throw new ProviderException(ErrorCode.ProviderTimeout, adapter.Name, StoppedWaiting) { Outcome = AttemptOutcome.Unknown };
            }

            // The provider bills it: from here on no other target is tried.
            answer = await references.KeepAsync(request, adapter.Name, answer);
            return new GenerateReply
            {
                RequestId = request.RequestId,
                Provider = adapter.Name,
                Call = call,
                Answer = translator.ToClient(adapter.Name, call, answer),
            };
        }

        // The words of a refusal help the caller more than a list of failures.
        if (failures!.Find(static failure => !failure.WorthAnotherProvider) is { } refusal) ExceptionDispatchInfo.Throw(refusal);
        throw new AllProvidersFailedException(failures);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Generation {RequestId}: provider {Provider} failed with {Code}: {Problem}")]
        public static partial void Failed(ILogger logger, Guid requestId, string provider, string code, string problem);
    }
}
