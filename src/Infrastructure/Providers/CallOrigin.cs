using AiGateway.Application.Generation;

namespace AiGateway.Infrastructure.Providers;

/// <summary>What the pipeline must know of a call.</summary>
/// <param name="UserId">Whose failures and successes its attempts are.</param>
/// <param name="Model">The provider's model, which has a circuit of its own; empty for stored responses.</param>
/// <param name="Reasons">Whether the model may think for minutes before its first word.</param>
internal readonly record struct CallOrigin(Guid UserId, string Model, bool Reasons = false)
{
    /// <summary>The call that costs money, whose attempts are charged; null: what is asked is free.</summary>
    public ModelCall? Paid { get; init; }
}
