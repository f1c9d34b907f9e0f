using AiGateway.Application.Generation;
using AiGateway.Application.Ledger;
using AiGateway.Application.Pricing;
using AiGateway.Application.Quotas;
using AiGateway.Application.Refusals;
using AiGateway.Application.Routing;
using AiGateway.Application.StoredResponses;
using AiGateway.Application.Telemetry.Metrics;
using AiGateway.Domain;
using MediatR;
using Microsoft.Extensions.Logging;

namespace AiGateway.Application.Pipeline;

/// <summary>
/// Plans the request once and holds its maximum cost before anything is sent, or refuses it. The usage behavior settles the
/// hold.
/// </summary>
internal sealed partial class QuotaBehavior(
    ModelRouter router, StoredReferences references, ILedger ledger, IPriceBook prices, SpentQuotas spent, RefusalLog refusals,
    GenerationMetrics metrics, ILogger<QuotaBehavior> logger)
    : IPipelineBehavior<Generate, GenerateReply>
{
    public async Task<GenerateReply> Handle(
        Generate request, CancellationToken cancellationToken, RequestHandlerDelegate<GenerateReply> next)
    {
        var plan = await router.PlanAsync(await references.CountAsync(request, cancellationToken), cancellationToken);
        var hold = ToHold(request, plan);
        var decision = await ledger.HoldAsync(hold, cancellationToken);
        if (decision.Refusal is { } refusal)
        {
            Log.Refused(logger, request.RequestId, request.UserId, plan.RequestedModel, refusal.LimitName);
            spent.Note(request.UserId, refusal);
            metrics.Refused(refusal);
            refusals.Note(request.Caller, refusal);
            throw new QuotaExceededException(plan.Explain(refusal, request.Caller)) { Rates = decision.Rates };
        }

        request.Keep(decision.Chosen is { } chosen ? plan.LimitedTo(chosen.Limit) : plan);
        plan.Attempts.HoldGranted(
            decision.Chosen?.Amount.NanoUsd ?? hold.HeldNanoUsd, more => ledger.RaiseHoldAsync(hold, more), decision.AwaitSettlement);
        var reply = await next();
        return decision.Rates is { } rates ? reply with { Rates = rates } : reply;
    }

    private Hold ToHold(Generate request, RoutePlan plan)
    {
        var worst = plan.WorstCase();
        var hold = new Hold
        {
            RequestId = request.RequestId,
            UserId = request.UserId,
            ApiKeyId = request.Caller.ApiKeyId,
            At = request.ReceivedAt,
            Operation = request.Operation,
            RequestedModel = plan.RequestedModel,
            Model = plan.First.Call.Model.Model,
            Provider = plan.First.Adapter.Name,
            Streamed = request.Stream,
            EndUser = request.EndUser,
            PromptTokens = worst.PromptTokens,
            MaxCompletionTokens = worst.MaxCompletionTokens,
            HeldNanoUsd = worst.MaxCostNanoUsd,
            HeldTokens = plan.MostTokens(),
            ChargeSet = ChargeSet.Of(request.Caller.Path, plan.OtherModels()),
            PriceVersion = prices.Version,
        };
        return plan.Choice is { } choice ? Elastic(hold, plan, choice) : hold;
    }

    private static Hold Elastic(Hold hold, RoutePlan plan, OutputChoice choice)
    {
        var (least, usual) = (plan.At(choice.Least), plan.At(choice.Usual));
        return usual.Amount == hold.Needed && least == usual
            ? hold
            : hold with
            {
                HeldNanoUsd = least.Amount.NanoUsd,
                HeldTokens = least.Amount.Tokens,
                Elastic = new ElasticOutput(usual.Amount, hold.Needed, plan.Within),
            };
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Generation {RequestId} of user {UserId} for {Model} rejected: limit {Limit} exceeded")]
        public static partial void Refused(ILogger logger, Guid requestId, Guid userId, string model, string limit);
    }
}
