using System.Text.Json.Serialization;

namespace AiGateway.Api.Contracts;

/// <summary>What a request really cost, such as by the provider's invoice.</summary>
public sealed record CorrectionRequest
{
    /// <summary>The new total cost in US dollars, 0 to 1000000 with at most 9 decimals; as text, so that no client rounds it.</summary>
    /// <example>0.0123</example>
    [JsonConverter(typeof(UsdTextConverter))]
    public decimal? CostUsd { get; init; }

    /// <summary>Why, 1 to 1000 characters.</summary>
    /// <example>Invoice of November: the provider billed the call that timed out.</example>
    public string? Reason { get; init; }
}

/// <summary>A correction. It is never changed; a further one follows it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="RequestId">The request that it corrects.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="CorrectedBy">The administrator's user id.</param>
/// <param name="PreviousCostUsd">What the request had cost before, in dollars.</param>
/// <param name="CostUsd">What it costs from then on, in dollars.</param>
/// <param name="Reason">Why.</param>
public sealed record CorrectionResponse(
    Guid Id, Guid RequestId, DateTimeOffset CreatedAt, Guid CorrectedBy, decimal PreviousCostUsd, decimal CostUsd, string Reason);

/// <summary>The corrections of a request, oldest first.</summary>
/// <param name="Items">The corrections.</param>
public sealed record CorrectionListResponse(IReadOnlyList<CorrectionResponse> Items);
