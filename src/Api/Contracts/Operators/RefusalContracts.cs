using AiGateway.Application.Refusals;

namespace AiGateway.Api.Contracts.Operators;

/// <summary>Who was refused, by this gateway process.</summary>
/// <param name="Since">Since when refusals are noted: the start of the process.</param>
/// <param name="Items">The refusals of the last day, newest first, 1,000 lines at most.</param>
public sealed record RefusalListResponse(DateTimeOffset Since, IReadOnlyList<RefusalResponse> Items)
{
    internal static RefusalListResponse Of(RefusalReport report) => new(report.Since, [.. report.Items.Select(RefusalResponse.Of)]);
}

/// <summary>The refusals of one user and key by one limit.</summary>
/// <param name="ScopeKind">Whose limit it is: <c>organisation</c>, <c>team</c>, <c>project</c>, <c>user</c> or <c>key</c>; null: the limits that each user has.</param>
/// <param name="ScopeId">Its id; null: the limits that each user has.</param>
/// <param name="Limit">The limit, as in the error; <c>gateway_requests_per_minute</c> is <c>AI_GATEWAY_RATE_LIMIT_PER_MINUTE</c>.</param>
/// <param name="Count">How many requests were refused.</param>
/// <param name="FirstAt">The first refusal.</param>
/// <param name="LastAt">The last refusal.</param>
/// <param name="UserId">The user.</param>
/// <param name="ApiKeyId">The key; null: a token or a person.</param>
public sealed record RefusalResponse(
    string? ScopeKind, Guid? ScopeId, string Limit, long Count, DateTimeOffset FirstAt, DateTimeOffset LastAt, Guid UserId, Guid? ApiKeyId)
{
    internal static RefusalResponse Of(RefusalLine line) => new(
        line.By.Kind is { } kind ? WireName.Of(kind) : null,
        line.By.ScopeId,
        line.By.Limit,
        line.Count,
        line.FirstAt,
        line.LastAt,
        line.By.UserId,
        line.By.ApiKeyId);
}
