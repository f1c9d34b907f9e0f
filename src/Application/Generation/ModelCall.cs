using AiGateway.Domain;

namespace AiGateway.Application.Generation;

/// <summary>A request on its way to one provider: what was asked, and what the gateway decided.</summary>
/// <param name="Request">What was asked.</param>
/// <param name="Model">The model to ask.</param>
/// <param name="Price">Its price on the day of the request.</param>
/// <param name="MaxCompletionTokens">Most output tokens of one choice; sent upstream when the caller gave no limit, so that no reply can cost more than was held.</param>
public sealed record ModelCall(ModelRequest Request, PricedModel Model, ModelPrice Price, long MaxCompletionTokens)
{
    /// <summary>The most that one attempt can cost, as held.</summary>
    public CostEstimate Worst { get; init; } = CostEstimate.Nothing;

    /// <summary>Where the adapter reports its attempts; null: nobody listens.</summary>
    public RequestAttempts? Attempts { get; init; }

    /// <summary>The tier to charge when the provider does not name one: the more expensive of the one asked and the standard one.</summary>
    public ServiceTier HeldTier => Request.Tier == ServiceTier.Priority ? ServiceTier.Priority : ServiceTier.Standard;
}
