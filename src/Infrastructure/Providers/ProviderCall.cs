using Polly;

namespace AiGateway.Infrastructure.Providers;

/// <summary>One call's way through the pipeline; its strategies read it, the attempts write it.</summary>
internal sealed class ProviderCall(TimeProvider time, CallOrigin origin, TimeSpan timeout, CircuitBreaker circuit, CancellationToken callerToken)
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
    }

    public ProviderAttempt End(ProviderAttempt attempt)
    {
        LastFailure = attempt.Failure;
        return attempt;
    }
}
