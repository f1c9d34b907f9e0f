using AiGateway.Application.Generation;
using AiGateway.Domain;

namespace AiGateway.Infrastructure.Providers;

/// <summary>What one attempt at a provider brought: a reply, or a classified failure.</summary>
internal readonly record struct ProviderAttempt(ModelReply? Reply, ProviderFailure? Failure)
{
    public static implicit operator ProviderAttempt(ModelReply reply) => new(reply, null);

    public static implicit operator ProviderAttempt(ProviderFailure failure) => new(null, failure);
}

/// <summary>A failed attempt.</summary>
/// <param name="Exception">What the caller is told.</param>
/// <param name="MayRetry">Whether the same call may well succeed a moment later, and was not answered yet.</param>
/// <param name="CountsAsDown">Whether the circuit breaker counts it: not when the provider merely refused a request.</param>
internal sealed record ProviderFailure(ProviderException Exception, bool MayRetry, bool CountsAsDown)
{
    /// <summary>Whether no request brings it about, so that the circuit breaker counts it even when all are of one user.</summary>
    public bool CountsAlone { get; init; }

    /// <summary>Whether the provider says that the gateway's account there is used up.</summary>
    public bool IsAccountExhausted { get; init; }
}
