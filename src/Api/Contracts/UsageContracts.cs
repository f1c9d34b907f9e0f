using System.Text.Json.Serialization;
using AiGateway.Application.Usage;
using AiGateway.Domain;

namespace AiGateway.Api.Contracts;

/// <summary>One page of usage records, newest first.</summary>
/// <param name="Items">The records.</param>
/// <param name="Next">Give this as <c>next</c> to get the following page; null: this is the last one.</param>
public sealed record UsageListResponse(IReadOnlyList<UsageItemResponse> Items, string? Next);

/// <summary>The usage record of one request.</summary>
/// <param name="Id">The request's id.</param>
/// <param name="CreatedAt">When its maximum cost was held.</param>
/// <param name="UserId">The user who is charged.</param>
/// <param name="ApiKeyId">The key that was used; null for a JWT.</param>
/// <param name="RequestedModel">The requested model.</param>
/// <param name="Model">The model that answered.</param>
/// <param name="Provider">The provider that answered.</param>
/// <param name="Operation"><c>chat</c>, <c>embeddings</c> or <c>responses</c>.</param>
/// <param name="Streamed">Whether the reply was streamed.</param>
/// <param name="User">The end user that the caller named.</param>
/// <param name="Status">
/// <c>held</c> (in progress), <c>settled</c>, <c>released</c> (nothing owed), <c>unknown</c> (sent without a complete
/// answer: charged as the operator chose) or <c>expired</c> (its gateway stopped renewing it: charged at its maximum cost).
/// </param>
/// <param name="PromptTokens">Input tokens; while held, as counted.</param>
/// <param name="CompletionTokens">Output tokens; while held, the limit.</param>
/// <param name="TotalTokens">Both together.</param>
/// <param name="CachedPromptTokens">Part of the prompt read from the provider's cache.</param>
/// <param name="ReasoningTokens">Part of the completion spent on reasoning.</param>
/// <param name="CostUsd">The charge for all attempts, in dollars.</param>
/// <param name="HeldUsd">The maximum cost that was held, in dollars.</param>
/// <param name="PriceVersion">Version of the price book used for the cost.</param>
/// <param name="UsageSource">
/// The source of the token counts: <c>provider</c> reported, <c>counted</c> by the gateway, <c>held</c> maximum,
/// <c>corrected</c> by an administrator, or <c>none</c>.
/// </param>
/// <param name="AboveHold">Whether the cost exceeds the hold. This should never happen.</param>
/// <param name="Attempts">The calls to providers, in order; empty while held, and when there were none.</param>
/// <param name="LatencyMs">From arrival to end, in milliseconds; null while held.</param>
/// <param name="TimeToFirstTokenMs">From arrival to the first chunk of a stream, in milliseconds.</param>
/// <param name="ErrorCode">The error code when it failed.</param>
public sealed record UsageItemResponse(
    Guid Id,
    DateTimeOffset CreatedAt,
    Guid UserId,
    Guid? ApiKeyId,
    string RequestedModel,
    string Model,
    string Provider,
    string Operation,
    bool Streamed,
    string? User,
    string Status,
    long PromptTokens,
    long CompletionTokens,
    long TotalTokens,
    long CachedPromptTokens,
    long ReasoningTokens,
    decimal CostUsd,
    decimal HeldUsd,
    string PriceVersion,
    string UsageSource,
    bool AboveHold,
    IReadOnlyList<AttemptResponse> Attempts,
    long? LatencyMs,
    long? TimeToFirstTokenMs,
    string? ErrorCode);

/// <summary>One call of a request to a provider.</summary>
/// <param name="Provider">The provider.</param>
/// <param name="Model">The model that was called.</param>
/// <param name="Outcome"><c>answered</c>, <c>not_sent</c>, <c>refused</c> (an error status, free), <c>unknown</c> (sent, but no complete answer came) or <c>client_left</c>.</param>
/// <param name="CostUsd">Its charge, in dollars.</param>
/// <param name="LatencyMs">From its start to its end, in milliseconds; null: not known.</param>
public sealed record AttemptResponse(string Provider, string Model, string Outcome, decimal CostUsd, long? LatencyMs);

/// <summary>Sums of usage records, largest cost first; released records count among the errors alone.</summary>
/// <param name="GroupBy">The properties that define the groups, separated by commas.</param>
/// <param name="Items">The groups.</param>
public sealed record UsageSumListResponse(string GroupBy, IReadOnlyList<UsageSumResponse> Items)
{
    internal static UsageSumListResponse Of(UsageReport report)
    {
        string[] names = [.. report.Groupings.Select(UsageGroupings.NameOf)];
        return new(string.Join(',', names), [.. report.Sums.Select(sum => UsageSumResponse.Of(names, sum))]);
    }
}

/// <summary>One group of usage records.</summary>
/// <param name="Group">The value of the first property: an id, a name, or a day as yyyy-MM-dd; empty for none.</param>
/// <param name="Groups">The values of all properties, by their names.</param>
/// <param name="Requests">Requests in progress or charged.</param>
/// <param name="PromptTokens">Charged input tokens.</param>
/// <param name="CompletionTokens">Charged output tokens.</param>
/// <param name="TotalTokens">Both together.</param>
/// <param name="CostUsd">Charged cost, in dollars.</param>
/// <param name="HeldUsd">Maximum cost of requests in progress, in dollars.</param>
/// <param name="Errors">
/// Requests that failed or whose outcome is unknown, also those that cost nothing; null: days of the period were summed before this was counted.
/// </param>
/// <param name="MeanLatencyMs">Mean time of requests that ended without an error, in milliseconds; null: there are none, or as for <paramref name="Errors"/>.</param>
public sealed record UsageSumResponse(
    string Group, IReadOnlyDictionary<string, string> Groups, long Requests, long PromptTokens, long CompletionTokens, long TotalTokens,
    decimal CostUsd, decimal HeldUsd, long? Errors, double? MeanLatencyMs)
{
    internal static UsageSumResponse Of(IReadOnlyList<string> names, UsageSum sum) => new(
        sum.Group,
        names.Zip(sum.More.Prepend(sum.Group)).ToDictionary(),
        sum.Requests,
        sum.PromptTokens,
        sum.CompletionTokens,
        checked(sum.PromptTokens + sum.CompletionTokens),
        Money.ToUsd(sum.CostNanoUsd),
        Money.ToUsd(sum.HeldNanoUsd),
        sum.Outcomes?.Errors,
        sum.Outcomes?.MeanLatencyMs);
}

/// <summary>The result of recomputing every counter and of checking the audit log.</summary>
/// <param name="Balanced">Whether every counter equals its records.</param>
/// <param name="Rows">Usage records read.</param>
/// <param name="Held">How many of them are still held.</param>
/// <param name="Differences">Every counter that does not equal its records.</param>
/// <param name="BudgetDifferences">Every counter of a budget that does not equal its records.</param>
/// <param name="Audit">The check of the audit log.</param>
public sealed record VerificationResponse(
    bool Balanced, long Rows, long Held, IReadOnlyList<DifferenceResponse> Differences, IReadOnlyList<BudgetDifferenceResponse> BudgetDifferences,
    AuditVerificationResponse Audit);

/// <summary>One counter of a budget that does not equal its records.</summary>
/// <param name="Kind">The kind of the scope, such as <c>team</c>.</param>
/// <param name="ScopeId">The scope.</param>
/// <param name="Model">The counted models; null: all.</param>
/// <param name="EndUser">The counted end user; null: all.</param>
/// <param name="Window">The length of the window, such as <c>month</c> or <c>30 days</c>.</param>
/// <param name="Start">First day of the window.</param>
/// <param name="Field"><c>requests</c>, <c>inFlight</c>, <c>settledTokens</c>, <c>heldTokens</c>, <c>settled</c> or <c>held</c>; amounts in nano-dollars.</param>
/// <param name="Counter">The value of the counter.</param>
/// <param name="Records">The sum of the records.</param>
public sealed record BudgetDifferenceResponse(
    string Kind, Guid ScopeId, string? Model, string? EndUser, string Window, DateOnly Start, string Field, long Counter, long Records);

/// <summary>One counter that does not equal its records.</summary>
/// <param name="UserId">The counter's user.</param>
/// <param name="Period"><c>day</c> or <c>month</c>.</param>
/// <param name="Start">First day of the period.</param>
/// <param name="Field"><c>requests</c>, <c>settled</c> or <c>held</c>; amounts in nano-dollars.</param>
/// <param name="Counter">The value of the counter.</param>
/// <param name="Records">The sum of the records.</param>
public sealed record DifferenceResponse(Guid UserId, string Period, DateOnly Start, string Field, long Counter, long Records);

/// <summary>The true cost of a request, for example from the provider's invoice.</summary>
public sealed record CorrectionRequest
{
    /// <summary>
    /// The new total cost in US dollars, 0 to 1000000 with at most 9 decimals. It is text because some clients round
    /// numbers.
    /// </summary>
    /// <example>0.0123</example>
    [JsonConverter(typeof(AmountConverter))]
    public decimal? CostUsd { get; init; }

    /// <summary>The reason, 1 to 1000 characters.</summary>
    /// <example>Invoice of November: the provider billed the call that timed out.</example>
    public string? Reason { get; init; }
}

/// <summary>A correction. It is never changed; a later correction is added.</summary>
/// <param name="Id">Its id.</param>
/// <param name="RequestId">The request that it corrects.</param>
/// <param name="CreatedAt">When it was created.</param>
/// <param name="CorrectedBy">The administrator's user id.</param>
/// <param name="PreviousCostUsd">The cost before the correction, in dollars.</param>
/// <param name="CostUsd">The cost after the correction, in dollars.</param>
/// <param name="Reason">The reason.</param>
public sealed record CorrectionResponse(
    Guid Id, Guid RequestId, DateTimeOffset CreatedAt, Guid CorrectedBy, decimal PreviousCostUsd, decimal CostUsd, string Reason);

/// <summary>The corrections of a request, oldest first.</summary>
/// <param name="Items">The corrections.</param>
public sealed record CorrectionListResponse(IReadOnlyList<CorrectionResponse> Items);
