namespace AiGateway.Domain;

/// <summary>One HTTP call of a request to a provider.</summary>
/// <param name="Provider">The provider's name.</param>
/// <param name="Model">The model that was called.</param>
/// <param name="Outcome">The outcome.</param>
/// <param name="CostNanoUsd">The charge, in nano-dollars.</param>
/// <param name="LatencyMs">From its start to its end, in milliseconds.</param>
public sealed record RequestAttempt(string Provider, string Model, AttemptOutcome Outcome, long CostNanoUsd, long LatencyMs);
