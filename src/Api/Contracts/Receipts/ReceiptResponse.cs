using AiGateway.Application.Receipts;
using AiGateway.Domain;

namespace AiGateway.Api.Contracts.Receipts;

/// <summary>The receipt of one request. Times are UTC, amounts are US dollars. What is not known is null.</summary>
/// <param name="Id">The request's id: the <c>x-request-id</c> of its reply.</param>
/// <param name="Status"><c>held</c>, <c>settled</c>, <c>released</c>, <c>unknown</c> or <c>expired</c>.</param>
/// <param name="Operation"><c>chat</c>, <c>embeddings</c> or <c>responses</c>.</param>
/// <param name="Streamed">Whether the reply was streamed.</param>
/// <param name="RequestedModel">The requested model.</param>
/// <param name="Model">The model that answered; while held, the first of the plan.</param>
/// <param name="Provider">The provider that answered; while held, the first of the plan.</param>
/// <param name="CreatedAt">When the request arrived and its maximum cost was held.</param>
/// <param name="EndedAt">When it ended; null while held, and when its gateway did not report the end.</param>
/// <param name="LatencyMs">From arrival to end, in milliseconds; null as for <paramref name="EndedAt"/>.</param>
/// <param name="TimeToFirstTokenMs">From arrival to the first chunk of a stream, in milliseconds; null for plain replies.</param>
/// <param name="TimeZone">The time zone of all times: <c>UTC</c>.</param>
/// <param name="CostUsd">What it costs now, corrections included; 0 while held and when released.</param>
/// <param name="ErrorCode">The error code when it failed.</param>
/// <param name="Hold">What was held for it.</param>
/// <param name="ChargedTo">The scopes that it is charged to, from the widest to the end user.</param>
/// <param name="OtherModels">Models of its plan besides the requested one. Budgets of these models count it as well.</param>
/// <param name="Attempts">The calls to providers, in order; empty while held, and when there were none.</param>
/// <param name="Tokens">The charged tokens by class; null while held and when released.</param>
/// <param name="Price">The price that it was charged with.</param>
/// <param name="Settlement">How the hold ended; null while held.</param>
/// <param name="Evidence">What the charge rests on; null while held.</param>
/// <param name="Corrections">Corrections by administrators, oldest first.</param>
/// <param name="Tags">Tags that its key has now.</param>
public sealed record ReceiptResponse(
    Guid Id,
    string Status,
    string Operation,
    bool Streamed,
    string RequestedModel,
    string Model,
    string Provider,
    DateTimeOffset CreatedAt,
    DateTimeOffset? EndedAt,
    long? LatencyMs,
    long? TimeToFirstTokenMs,
    string TimeZone,
    decimal CostUsd,
    string? ErrorCode,
    ReceiptHoldResponse Hold,
    IReadOnlyList<ReceiptScopeResponse> ChargedTo,
    IReadOnlyList<string> OtherModels,
    IReadOnlyList<AttemptResponse> Attempts,
    ReceiptTokensResponse? Tokens,
    ReceiptPriceResponse Price,
    ReceiptSettlementResponse? Settlement,
    ReceiptEvidenceResponse? Evidence,
    IReadOnlyList<ReceiptCorrectionResponse> Corrections,
    IReadOnlyList<string> Tags)
{
    internal static ReceiptResponse Of(Receipt receipt)
    {
        var record = receipt.Record;
        var isHeld = record.Status == UsageStatus.Held;
        return new(
            record.Id,
            WireName.Of(record.Status),
            WireName.Of(record.Operation),
            record.Streamed,
            record.RequestedModel,
            record.Model,
            record.Provider,
            record.CreatedAt,
            receipt.EndedAt,
            record.LatencyMs,
            record.TimeToFirstTokenMs,
            "UTC",
            Money.ToUsd(record.CostNanoUsd),
            record.ErrorCode,
            ReceiptHoldResponse.Of(record),
            ReceiptScopeResponse.Of(receipt.Stored),
            receipt.Stored.OtherModels,
            AttemptMapping.Of(record),
            isHeld || record.Status == UsageStatus.Released ? null : ReceiptTokensResponse.Of(record),
            ReceiptPriceResponse.Of(record, receipt.Price),
            isHeld ? null : ReceiptSettlementResponse.Of(receipt),
            isHeld ? null : new ReceiptEvidenceResponse(WireName.Of(record.UsageSource), ProviderRequestId: null, receipt.Stored.StoredObjects),
            [.. receipt.Stored.Corrections.Select(each => ReceiptCorrectionResponse.Of(each.Correction, each.By))],
            receipt.Stored.Tags);
    }
}

/// <summary>What was held for a request before it was sent.</summary>
/// <param name="At">When it was held.</param>
/// <param name="CostUsd">The maximum cost that was held, raises for further attempts included.</param>
/// <param name="Tokens">Most tokens that were held, over all attempts; null in records of versions before budgets of tokens.</param>
/// <param name="InputTokens">Counted input tokens while held; null afterwards, because the charged ones replace them.</param>
/// <param name="OutputTokens">The output limit while held; null afterwards, for the same reason.</param>
/// <param name="Raises">How often it was raised; null: this is not kept.</param>
/// <param name="ExpiresAt">While held, when the hold is charged at its maximum cost unless it is renewed; else null.</param>
public sealed record ReceiptHoldResponse(
    DateTimeOffset At, decimal CostUsd, long? Tokens, long? InputTokens, long? OutputTokens, int? Raises, DateTimeOffset? ExpiresAt)
{
    internal static ReceiptHoldResponse Of(UsageRecord record)
    {
        var isHeld = record.Status == UsageStatus.Held;
        return new(
            record.CreatedAt,
            Money.ToUsd(record.HeldNanoUsd),
            record.HeldTokens,
            isHeld ? record.PromptTokens : null,
            isHeld ? record.CompletionTokens : null,
            Raises: null,
            isHeld ? record.LeaseExpiresAt : null);
    }
}

/// <summary>A scope that a request is charged to.</summary>
/// <param name="Kind"><c>organisation</c>, <c>team</c>, <c>project</c>, <c>user</c>, <c>key</c> or <c>end_user</c>.</param>
/// <param name="Id">Its id; of an end user the name that the caller gave.</param>
/// <param name="Name">The name that it has now; null: it is deleted, or it is an end user.</param>
/// <param name="TimeZone">The time zone in which its days began when the request was held.</param>
public sealed record ReceiptScopeResponse(string Kind, string Id, string? Name, string TimeZone)
{
    private const string EndUser = "end_user";
    private const string Utc = "UTC";

    internal static IReadOnlyList<ReceiptScopeResponse> Of(StoredReceipt stored)
    {
        var scopes = stored.Scopes.Select(scope => new ReceiptScopeResponse(WireName.Of(scope.Kind), scope.Id.ToString(), scope.Name, scope.TimeZone ?? Utc));
        return [.. stored.Record.EndUser is { Length: > 0 } name ? scopes.Append(new(EndUser, name, Name: null, Utc)) : scopes];
    }
}

/// <summary>Charged tokens by class.</summary>
/// <param name="Input">All input tokens, cached and cache-write ones included.</param>
/// <param name="CachedInput">The part of the input that was read from the provider's cache.</param>
/// <param name="CacheWrite">The part of the input that was written to the provider's cache.</param>
/// <param name="Output">All output tokens, reasoning tokens included.</param>
/// <param name="Reasoning">The part of the output that was spent on reasoning.</param>
/// <param name="Total">Input and output.</param>
public sealed record ReceiptTokensResponse(long Input, long CachedInput, long CacheWrite, long Output, long Reasoning, long Total)
{
    internal static ReceiptTokensResponse Of(UsageRecord record) => new(
        record.PromptTokens,
        record.CachedPromptTokens,
        record.CacheWriteTokens,
        record.CompletionTokens,
        record.ReasoningTokens,
        checked(record.PromptTokens + record.CompletionTokens));
}

/// <summary>How a hold ended.</summary>
/// <param name="Outcome"><c>settled</c>, <c>released</c>, <c>unknown</c> or <c>expired</c>; after a correction <c>settled</c>.</param>
/// <param name="At">When; null: its gateway did not report it.</param>
/// <param name="CostUsd">The cost before any correction.</param>
/// <param name="AboveHold">Whether that exceeded the hold. This should never happen.</param>
public sealed record ReceiptSettlementResponse(string Outcome, DateTimeOffset? At, decimal CostUsd, bool AboveHold)
{
    internal static ReceiptSettlementResponse Of(Receipt receipt) => new(
        WireName.Of(receipt.Record.Status), receipt.EndedAt, Money.ToUsd(receipt.SettledNanoUsd), receipt.Record.AboveHold);
}

/// <summary>What a charge rests on.</summary>
/// <param name="Source">
/// The source of the token counts: <c>provider</c> reported, <c>counted</c> by the gateway, <c>held</c> maximum,
/// <c>corrected</c> by an administrator, or <c>none</c>.
/// </param>
/// <param name="ProviderRequestId">The provider's id of the request; null: it is not kept.</param>
/// <param name="StoredObjectIds">The provider's ids of the objects that it stores for this request, such as a stored response.</param>
public sealed record ReceiptEvidenceResponse(string Source, string? ProviderRequestId, IReadOnlyList<string> StoredObjectIds);

/// <summary>A correction of the cost.</summary>
/// <param name="Id">Its id.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="CorrectedBy">The administrator's user id.</param>
/// <param name="CorrectedByName">The name that the administrator has now; null: deleted.</param>
/// <param name="PreviousCostUsd">The cost before.</param>
/// <param name="CostUsd">The cost after.</param>
/// <param name="Reason">The reason.</param>
public sealed record ReceiptCorrectionResponse(
    Guid Id, DateTimeOffset CreatedAt, Guid CorrectedBy, string? CorrectedByName, decimal PreviousCostUsd, decimal CostUsd, string Reason)
{
    internal static ReceiptCorrectionResponse Of(UsageCorrection correction, string? by) => new(
        correction.Id,
        correction.CreatedAt,
        correction.CorrectedBy,
        by,
        Money.ToUsd(correction.PreviousCostNanoUsd),
        Money.ToUsd(correction.CostNanoUsd),
        correction.Reason);
}
