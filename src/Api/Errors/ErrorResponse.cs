using System.Text.Json.Serialization;
using AiGateway.Domain;

namespace AiGateway.Api.Errors;

/// <summary>A failure as problem details (RFC 9457), <c>application/problem+json</c>.</summary>
public sealed record ErrorResponse
{
    /// <summary>Names the kind of failure: <c>urn:aigateway:error:</c> and the code.</summary>
    public required string Type { get; init; }

    /// <summary>The kind of failure in words.</summary>
    public required string Title { get; init; }

    /// <summary>The HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>What went wrong this time.</summary>
    public required string Detail { get; init; }

    /// <summary>The code, one of the closed list in docs/errors.md.</summary>
    public required string Code { get; init; }

    /// <summary>The request's id, the same as in <c>x-request-id</c>.</summary>
    public required string RequestId { get; init; }

    /// <summary>Every fault of an invalid request.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<Fault>? Errors { get; init; }

    /// <summary>The limit that refused the request, such as <c>daily_requests</c>, <c>monthly_spend</c>, <c>total_tokens</c>, <c>concurrent_requests</c> or <c>tokens_per_minute</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Limit { get; init; }

    /// <summary>Whose limit it is; absent: the user's own default limits.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RefusingScope? Scope { get; init; }

    /// <summary>When that limit resets; absent: never, or it is a rate, for which <c>Retry-After</c> says when.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? ResetsAt { get; init; }

    /// <summary>The provider that failed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Provider { get; init; }

    /// <summary>A failure in this form.</summary>
    internal static ErrorResponse Of(AiGatewayException failure, string requestId) => new()
    {
        Type = "urn:aigateway:error:" + failure.Code.ToName(),
        Title = ErrorTable.Of(failure.Code).Title,
        Status = ErrorTable.StatusOf(failure),
        Detail = failure is ProviderException { ProviderWords: { } words } ? $"{failure.Message} It said: {words}" : failure.Message,
        Code = failure.Code.ToName(),
        RequestId = requestId,
        Errors = (failure as InvalidRequestException)?.Faults,
        Limit = (failure as QuotaExceededException)?.Refusal.LimitName,
        Scope = (failure as QuotaExceededException)?.Refusal.Scope is { } scope ? new(scope.KindName, scope.Id, scope.Name) : null,
        ResetsAt = (failure as QuotaExceededException)?.Refusal.ResetsAt,
        Provider = (failure as ProviderException)?.Provider,
    };
}

/// <summary>The scope whose limit refused a request.</summary>
/// <param name="Kind"><c>organisation</c>, <c>team</c>, <c>project</c>, <c>user</c> or <c>key</c>.</param>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its display name; null: not known.</param>
public sealed record RefusingScope(string Kind, Guid Id, string? Name);
