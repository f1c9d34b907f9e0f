using AiGateway.Application.Generation;
using AiGateway.Application.Ledger;
using AiGateway.Application.Pricing;
using AiGateway.Application.Providers;
using AiGateway.Application.Requests;
using AiGateway.Application.Telemetry;
using AiGateway.Application.Telemetry.Metrics;
using AiGateway.Domain;
using Microsoft.Extensions.Logging;

namespace AiGateway.Application.Pipeline;

/// <summary>
/// Settles requests: charges each attempt, writes the settlement to the ledger, and writes one log line per request.
/// </summary>
internal sealed partial class RequestSettler(
    ILedger ledger, ITokenCounter tokens, GenerationMetrics metrics, GatewayDefaults defaults, TimeProvider time, ILogger<RequestSettler> logger)
{
    /// <summary>Time since the request came.</summary>
    public TimeSpan Age(ModelRequest request) => time.GetUtcNow() - request.ReceivedAt;

    /// <summary>
    /// A reply came, in full or until its caller left. Charges the provider's usage, or counted tokens where it reports
    /// none.
    /// </summary>
    /// <param name="reply">The reply.</param>
    /// <param name="delivery">Of a stream, what was delivered.</param>
    /// <param name="error">The error that ended it early.</param>
    public async Task<GenerateReply> SettleAsync(GenerateReply reply, Delivery delivery = default, ErrorCode? error = null)
    {
        var attempts = AttemptsOf(reply);
        Settlement? settlement = null;
        try
        {
            var isLeft = error == ErrorCode.ClientClosedRequest;
            attempts.End(isLeft ? AttemptOutcome.ClientLeft : AttemptOutcome.Answered, ToCharge(reply, attempts, delivery, isLeft));
            var priced = reply with
            {
                Usage = attempts.Last.Usage,
                UsageSource = attempts.Last.Source,
                CostNanoUsd = attempts.CostNanoUsd,
                Latency = Age(reply.Call.Request),
            };
            settlement = Settled(priced, attempts, delivery.TimeToFirstToken, error);
            return priced;
        }
        finally
        {
            // Should pricing itself fail, the hold still ends, and the provider's bill is not forgotten.
            if (settlement is null) attempts.Fail(AttemptOutcome.Unknown);
            await EndAsync(
                reply.Call.Request, attempts, settlement ?? Failed(reply.Call.Request, attempts, ErrorCode.InternalError), reply, delivery.TextChunks);
        }
    }

    /// <summary>A stream broke off before its usage came: the provider may bill it.</summary>
    public Task SettleBrokenAsync(GenerateReply reply, Delivery delivery, ErrorCode error)
    {
        var attempts = AttemptsOf(reply);
        attempts.LoseStream(DeliveredOf(reply, delivery, attempts));
        return EndAsync(reply.Call.Request, attempts, Failed(reply.Call.Request, attempts, error) with
        {
            Model = reply.Answer.Model,
            Provider = reply.Provider,
            TimeToFirstToken = delivery.TimeToFirstToken,
        }, reply, delivery.TextChunks);
    }

    /// <summary>No reply came: charges what the provider may bill, and releases the request when that is nothing.</summary>
    /// <param name="request">The request.</param>
    /// <param name="attempts">Its attempts; one may still be in progress.</param>
    /// <param name="error">The code of the failure.</param>
    /// <param name="outcome">The outcome of the attempt in progress, unless it was sent and its outcome is unknown.</param>
    public Task FailAsync(
        ModelRequest request, RequestAttempts attempts, ErrorCode error, AttemptOutcome outcome = AttemptOutcome.NotSent)
    {
        if (error == ErrorCode.ClientClosedRequest && attempts is { UnderWay: { } call, IsSent: true })
            attempts.End(AttemptOutcome.ClientLeft, Charge.OfLeft(call, new Delivered(CountedOutput: 0, attempts.PromptUsage), answerHasBegun: false, time.GetUtcNow()));
        else
            attempts.Fail(outcome);

        return EndAsync(request, attempts, Failed(request, attempts, error));
    }

    // A cost that the provider reports holds its tools, too.
    private Charge ToCharge(GenerateReply reply, RequestAttempts attempts, Delivery delivery, bool isLeft)
    {
        var call = attempts.UnderWay!;
        var charge = OfTokens(reply, attempts, delivery, isLeft);
        var tools = reply.Answer.ReportedCostNanoUsd is null ? call.ToolCallsNanoUsd(reply.Answer.ToolCalls) : 0;
        return tools == 0 ? charge : charge with { CostNanoUsd = checked(charge.CostNanoUsd + tools) };
    }

    private Charge OfTokens(GenerateReply reply, RequestAttempts attempts, Delivery delivery, bool isLeft)
    {
        var (call, now) = (attempts.UnderWay!, time.GetUtcNow());
        var answer = reply.Answer;
        if (answer.Usage is { } usage) return Charge.OfUsage(call, usage, answer.Tier, now, answer.ReportedCostNanoUsd, answer.Surcharges);
        var delivered = DeliveredOf(reply, delivery, attempts);
        return isLeft && answer.FinishReason is null
            ? Charge.OfLeft(call, delivered, delivery.AnswerHasBegun, now)
            : Charge.OfCount(call, delivered, answer.Tier, now);
    }

    // An adapter without HTTP reports no attempts.
    private static RequestAttempts AttemptsOf(GenerateReply reply)
    {
        var attempts = reply.Call.Attempts!;
        if (attempts.UnderWay is null) attempts.Begin(reply.Provider, reply.Call);
        return attempts;
    }

    private Delivered DeliveredOf(GenerateReply reply, Delivery delivery, RequestAttempts attempts) => new(
        Math.Max(delivery.TextChunks, tokens.CountText(reply.Call.Model.Model, reply.Answer.DeliveredText)),
        attempts.PromptUsage,
        reply.Answer.Surcharges);

    private static Settlement Settled(GenerateReply reply, RequestAttempts attempts, TimeSpan? timeToFirstToken, ErrorCode? error) => new()
    {
        RequestId = reply.RequestId,
        Status = UsageStatus.Settled,
        Model = reply.Answer.Model,
        Provider = reply.Provider,
        Usage = reply.Usage,
        UsageSource = reply.UsageSource,
        CostNanoUsd = reply.CostNanoUsd,
        Attempts = attempts.Ended.Count > 1 ? attempts.Ended : null,
        Error = error,
        Latency = reply.Latency,
        TimeToFirstToken = timeToFirstToken,
    };

    private Settlement Failed(ModelRequest request, RequestAttempts attempts, ErrorCode error)
    {
        var isLeft = attempts.Ended is [.., { Outcome: AttemptOutcome.ClientLeft }];
        return new()
        {
            RequestId = request.RequestId,
            Status = isLeft ? UsageStatus.Settled : attempts.HasUnknown ? UsageStatus.Unknown : UsageStatus.Released,
            Usage = attempts.Last.Usage,
            UsageSource = attempts.Last.Source,
            CostNanoUsd = attempts.CostNanoUsd,
            Attempts = attempts.Ended.Count > 0 ? attempts.Ended : null,
            Error = error,
            Latency = Age(request),
        };
    }

    // Mostly the commit need not be awaited: the hold is in the ledger, and the settlement is queued before every later hold.
    private Task EndAsync(ModelRequest request, RequestAttempts attempts, Settlement settlement, GenerateReply? reply = null, long chunks = 0)
    {
        if (attempts.AwaitSettlement) settlement = settlement with { IsAwaited = true };
        var written = ledger.SettleAsync(settlement);
        var ended = new EndedRequest(request, attempts, settlement, reply, chunks);
        metrics.Ended(ended);
        GenerationSpan.End(ended, defaults.Telemetry);
        Report(request, attempts.HeldNanoUsd, attempts.Ended.Count, settlement);
        return settlement.IsAwaited ? written : Task.CompletedTask;
    }

    private void Report(ModelRequest request, long held, int attempts, Settlement settlement)
    {
        if (settlement.CostNanoUsd > held)
        {
            metrics.CostMoreThanHeld();
            Log.AboveHold(logger, request.RequestId, settlement.CostNanoUsd, held, settlement.Provider, settlement.Model ?? request.Model);
        }

        if (!logger.IsEnabled(LogLevel.Information)) return;
        Log.Ended(
            logger, request.RequestId, request.UserId, settlement.Error?.ToName() ?? "ok", ToName(settlement.Status),
            settlement.Provider, settlement.Model ?? request.Model, settlement.Usage.PromptTokens,
            settlement.Usage.CompletionTokens, settlement.CostNanoUsd, attempts, settlement.Latency.TotalMilliseconds);
    }

    private static string ToName(UsageStatus status) => status switch
    {
        UsageStatus.Settled => "settled",
        UsageStatus.Released => "released",
        _ => "unknown",
    };

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Generation {RequestId} of user {UserId}: {Outcome}, {Status}, provider {Provider}, model {Model}, {PromptTokens} prompt and {CompletionTokens} completion tokens, {CostNanoUsd} nano-USD, attempts {Attempts}, {LatencyMs:0.0} ms")]
        public static partial void Ended(
            ILogger logger, Guid requestId, Guid userId, string outcome, string status, string? provider, string? model,
            long promptTokens, long completionTokens, long costNanoUsd, int attempts, double latencyMs);

        [LoggerMessage(2, LogLevel.Error, "Request {RequestId} cost {CostNanoUsd} nano-USD, more than the {HeldNanoUsd} nano-USD held for it. The cost is charged. Check the price and the capabilities of model {Model} of provider {Provider}")]
        public static partial void AboveHold(ILogger logger, Guid requestId, long costNanoUsd, long heldNanoUsd, string? provider, string? model);
    }
}
