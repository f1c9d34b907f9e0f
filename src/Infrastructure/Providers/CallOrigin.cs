using AiGateway.Application.Generation;

namespace AiGateway.Infrastructure.Providers;

/// <summary>The properties of a call that the pipeline needs.</summary>
/// <param name="UserId">The user whose failures and successes are counted.</param>
/// <param name="Model">The provider's model, which has its own circuit breaker; empty for stored responses.</param>
/// <param name="Reasons">Whether the model may think for minutes before its first word.</param>
internal readonly record struct CallOrigin(Guid UserId, string Model, bool Reasons = false)
{
    /// <summary>The call that costs money and whose attempts are charged; null: the call is free.</summary>
    public ModelCall? Paid { get; init; }
}
