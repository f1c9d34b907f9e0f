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
/// <param name="CountsAsDown">Whether it speaks against the provider as a whole: not when it merely refused a request.</param>
internal sealed record ProviderFailure(ProviderException Exception, bool MayRetry, bool CountsAsDown)
{
    /// <summary>Whether the provider says that the gateway's account there is used up.</summary>
    public bool IsAccountExhausted { get; init; }
}
