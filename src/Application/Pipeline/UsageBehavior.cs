using AiGateway.Application.Generation;
using AiGateway.Application.Ports;
using AiGateway.Application.Usage;
using AiGateway.Domain;
using MediatR;
using Microsoft.Extensions.Logging;

namespace AiGateway.Application.Pipeline;

/// <summary>Ends the hold that the quota behavior took, whatever happens: priced and settled, or released.</summary>
internal sealed partial class UsageBehavior(
    ILedger ledger, ITokenCounter tokens, TimeProvider time, ILogger<UsageBehavior> logger)
    : IPipelineBehavior<Generate, GenerateReply>
{
    public async Task<GenerateReply> Handle(
        Generate request, CancellationToken cancellationToken, RequestHandlerDelegate<GenerateReply> next)
    {
        Settlement? settlement = null;
        try
        {
            var reply = Price(await next()) with { Latency = time.GetUtcNow() - request.ReceivedAt };
            settlement = Settled(reply);
            return reply;
        }
        catch (AiGatewayException failure)
        {
            settlement = Released(request, failure.Code);
            throw;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            settlement = Released(request, ErrorCode.ClientClosedRequest);
            throw;
        }
        finally
        {
            settlement ??= Released(request, ErrorCode.InternalError);
            await ledger.SettleAsync(settlement);
            Report(request, settlement);
        }
    }

    private GenerateReply Price(GenerateReply reply)
    {
        var usage = reply.Answer.Usage ?? Count(reply);
        return reply with
        {
            Usage = usage,
            UsageSource = reply.Answer.Usage is null ? UsageSource.Counted : UsageSource.Provider,
            CostNanoUsd = reply.Call.Price.CostNanoUsd(usage, reply.Answer.Tier),
        };
    }

    private TokenUsage Count(GenerateReply reply)
    {
        var model = reply.Call.Model.Model;
        return new TokenUsage(
            tokens.CountMessages(model, reply.Call.Request.Conversation), tokens.CountText(model, reply.Answer.Content));
    }

    private static Settlement Settled(GenerateReply reply) => new()
    {
        RequestId = reply.RequestId,
        Status = UsageStatus.Settled,
        Model = reply.Answer.Model,
        Provider = reply.Provider,
        Usage = reply.Usage,
        UsageSource = reply.UsageSource,
        CostNanoUsd = reply.CostNanoUsd,
        Latency = reply.Latency,
    };

    private Settlement Released(Generate request, ErrorCode error) => new()
    {
        RequestId = request.RequestId,
        Status = UsageStatus.Released,
        Error = error,
        Latency = time.GetUtcNow() - request.ReceivedAt,
    };

    private void Report(Generate request, Settlement settlement)
    {
        if (!logger.IsEnabled(LogLevel.Information)) return;
        Log.Ended(
            logger, request.RequestId, request.Caller.UserId, settlement.Error?.ToName() ?? "ok",
            settlement.Provider, settlement.Model ?? request.Model, settlement.Usage.PromptTokens,
            settlement.Usage.CompletionTokens, settlement.CostNanoUsd, settlement.Latency.TotalMilliseconds);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Generation {RequestId} of user {UserId}: {Outcome}, provider {Provider}, model {Model}, {PromptTokens} prompt and {CompletionTokens} completion tokens, {CostNanoUsd} nano-USD, {LatencyMs:0.0} ms")]
        public static partial void Ended(
            ILogger logger, Guid requestId, Guid userId, string outcome, string? provider, string? model,
            long promptTokens, long completionTokens, long costNanoUsd, double latencyMs);
    }
}
