using AiGateway.Application.Generation;
using AiGateway.Application.Ports;
using AiGateway.Application.Usage;
using AiGateway.Domain;
using Microsoft.Extensions.Logging;

namespace AiGateway.Application.Pipeline;

/// <summary>Ends holds: prices what was used, books it, and writes the request's one line in the log.</summary>
internal sealed partial class UsageBooks(ILedger ledger, ITokenCounter tokens, TimeProvider time, ILogger<UsageBooks> logger)
{
    /// <summary>Time since the request came.</summary>
    public TimeSpan Age(Generate request) => time.GetUtcNow() - request.ReceivedAt;

    /// <summary>Nothing was delivered and nothing is owed.</summary>
    public Task ReleaseAsync(Generate request, ErrorCode error) => EndAsync(request, Released(request, error));

    /// <summary>Prices what the answer used, or what was delivered of it, and books that.</summary>
    public async Task<GenerateReply> SettleAsync(GenerateReply reply, TimeSpan? timeToFirstToken = null, ErrorCode? error = null)
    {
        var request = reply.Call.Request;
        Settlement? settlement = null;
        try
        {
            var priced = Price(reply);
            settlement = Settled(priced, timeToFirstToken, error);
            return priced;
        }
        finally
        {
            // Should pricing itself fail, the hold still ends.
            await EndAsync(request, settlement ?? Released(request, ErrorCode.InternalError));
        }
    }

    // Alone, nobody needs the commit: the hold is in the books, and the settlement is ahead of whatever comes next.
    private Task EndAsync(Generate request, Settlement settlement)
    {
        var written = ledger.SettleAsync(settlement);
        Report(request, settlement);
        return ledger.IsShared ? written : Task.CompletedTask;
    }

    private GenerateReply Price(GenerateReply reply)
    {
        var usage = reply.Answer.Usage ?? Count(reply);
        return reply with
        {
            Usage = usage,
            UsageSource = reply.Answer.Usage is null ? UsageSource.Counted : UsageSource.Provider,
            CostNanoUsd = reply.Call.Price.CostNanoUsd(usage, reply.Answer.Tier),
            Latency = Age(reply.Call.Request),
        };
    }

    private TokenUsage Count(GenerateReply reply) => new(
        tokens.CountPrompt(reply.Call.Request, reply.Call.Model),
        tokens.CountText(reply.Call.Model.Model, reply.Answer.DeliveredText));

    private static Settlement Settled(GenerateReply reply, TimeSpan? timeToFirstToken, ErrorCode? error) => new()
    {
        RequestId = reply.RequestId,
        Status = UsageStatus.Settled,
        Model = reply.Answer.Model,
        Provider = reply.Provider,
        Usage = reply.Usage,
        UsageSource = reply.UsageSource,
        CostNanoUsd = reply.CostNanoUsd,
        Error = error,
        Latency = reply.Latency,
        TimeToFirstToken = timeToFirstToken,
    };

    private Settlement Released(Generate request, ErrorCode error) => new()
    {
        RequestId = request.RequestId,
        Status = UsageStatus.Released,
        Error = error,
        Latency = Age(request),
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
