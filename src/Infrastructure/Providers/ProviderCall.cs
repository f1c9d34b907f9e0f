using Polly;

namespace AiGateway.Infrastructure.Providers;

/// <summary>One call's way through the pipeline; its strategies read it, the attempts write it.</summary>
/// <param name="time">The clock.</param>
/// <param name="provider">The provider's name.</param>
/// <param name="origin">Whose call it is, and what is asked.</param>
/// <param name="timeout">For all attempts together.</param>
/// <param name="circuit">The breaker of the model that is asked.</param>
/// <param name="callerToken">Cancelled when the caller leaves.</param>
internal sealed class ProviderCall(
    TimeProvider time, string provider, CallOrigin origin, TimeSpan timeout, CircuitBreaker circuit, CancellationToken callerToken)
{
    public static readonly ResiliencePropertyKey<ProviderCall> Key = new(nameof(ProviderCall));

    private readonly long _startedAt = time.GetTimestamp();

    public int Attempts { get; private set; }

    /// <summary>The failure of the attempt before a wait; null while an attempt is under way.</summary>
    public ProviderFailure? LastFailure { get; private set; }

    public Guid UserId => origin.UserId;

    /// <summary>For the whole call.</summary>
    public TimeSpan Timeout => timeout;

    public CircuitBreaker Circuit => circuit;

    public TimeSpan TimeLeft => timeout - time.GetElapsedTime(_startedAt);

    public bool CallerHasLeft => callerToken.IsCancellationRequested;

    public static ProviderCall Of(ResilienceContext context) => context.Properties.GetValue(Key, null!);

    public void Begin()
    {
        Attempts++;
        LastFailure = null;
        if (origin.Paid is { } paid) paid.Attempts?.Begin(provider, paid);
    }

    public ProviderAttempt End(ProviderAttempt attempt)
    {
        LastFailure = attempt.Failure;
        if (attempt.Failure is { } failure) origin.Paid?.Attempts?.Fail(failure.Exception.Outcome);
        return attempt;
    }

    /// <summary>An attempt ended without an answer. What a caller ended by leaving is charged by whoever knows what was delivered.</summary>
    public void Lose()
    {
        if (!CallerHasLeft) origin.Paid?.Attempts?.Lose();
    }

    /// <summary>Whether enough is held for a further attempt beside what the earlier ones may cost.</summary>
    public ValueTask<bool> MayTryAgainAsync() =>
        origin.Paid is { Attempts: { } attempts } paid ? attempts.MayTryAsync(paid) : new(true);
}
