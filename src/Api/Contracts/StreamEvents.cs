namespace AiGateway.Api.Contracts;

/// <summary>The event <c>delta</c>: text to append to the answer.</summary>
/// <param name="Content">The text.</param>
public sealed record DeltaEvent(string Content);

/// <summary>The event <c>done</c>: the answer is complete. It has the members of a plain reply, without the content.</summary>
/// <param name="Id">The request's id.</param>
/// <param name="Model">The model that answered.</param>
/// <param name="Provider">The provider that answered.</param>
/// <param name="FinishReason">Why the model stopped.</param>
/// <param name="Usage">Tokens used.</param>
/// <param name="CostUsd">The charged cost, in dollars.</param>
/// <param name="LatencyMs">From arrival to the end of the answer, in milliseconds.</param>
/// <param name="CreatedAt">When the request came.</param>
public sealed record DoneEvent(
    Guid Id,
    string Model,
    string Provider,
    string? FinishReason,
    UsageResponse Usage,
    decimal CostUsd,
    double LatencyMs,
    DateTimeOffset CreatedAt);
