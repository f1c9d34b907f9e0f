using AiGateway.Application.Providers;
using AiGateway.Domain;

namespace AiGateway.Infrastructure.Providers;

/// <summary>The result of one attempt: a reply, or a classified failure.</summary>
internal readonly record struct ProviderAttempt(ModelReply? Reply, ProviderFailure? Failure)
{
    public static implicit operator ProviderAttempt(ModelReply reply) => new(reply, null);

    public static implicit operator ProviderAttempt(ProviderFailure failure) => new(null, failure);
}

/// <summary>A failed attempt.</summary>
/// <param name="Exception">The error for the caller.</param>
/// <param name="MayRetry">Whether the same call may succeed a moment later, and was not answered yet.</param>
/// <param name="CountsAsDown">Whether the circuit breaker counts it: not when the provider only refused a request.</param>
internal sealed record ProviderFailure(ProviderException Exception, bool MayRetry, bool CountsAsDown)
{
    /// <summary>
    /// Whether the cause is independent of the request. The circuit breaker then counts it even when all failures are of one
    /// user.
    /// </summary>
    public bool CountsAlone { get; init; }

    /// <summary>Whether the provider reported the quota of the gateway's account as used up.</summary>
    public bool IsAccountExhausted { get; init; }

    /// <summary>Whether only the operator can fix it: a rejected key, an empty account, a missing model or deployment.</summary>
    public bool IsOfTheAccount => IsAccountExhausted || Exception.ProviderStatus is 401 || (Exception.ProviderStatus is 403 or 404 && CountsAsDown);
}

/// <summary>The result of a call after all its attempts: exactly one of reply and failure is set.</summary>
internal readonly record struct ProviderOutcome(ModelReply? Reply, ProviderException? Failure, int Attempts);
