using System.Text.Json.Serialization;

namespace AiGateway.Api.Contracts;

/// <summary>The true cost of a request, for example from the provider's invoice.</summary>
public sealed record CorrectionRequest
{
    /// <summary>
    /// The new total cost in US dollars, 0 to 1000000 with at most 9 decimals. It is text because some clients round
    /// numbers.
    /// </summary>
    /// <example>0.0123</example>
    [JsonConverter(typeof(UsdTextConverter))]
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
