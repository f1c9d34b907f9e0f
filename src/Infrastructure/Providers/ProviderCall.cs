using AiGateway.Application.Generation;
using Polly;

namespace AiGateway.Infrastructure.Providers;

/// <summary>One call's way through the pipeline; its strategies read it, the attempts write it.</summary>
/// <param name="time">The clock.</param>
/// <param name="timeout">For all attempts together.</param>
/// <param name="provider">The provider's name.</param>
/// <param name="model">What is asked; null: something that is free.</param>
/// <param name="callerToken">Cancelled when the caller leaves.</param>
internal sealed class ProviderCall(TimeProvider time, TimeSpan timeout, string provider, ModelCall? model, CancellationToken callerToken)
{
    public static readonly ResiliencePropertyKey<ProviderCall> Key = new(nameof(ProviderCall));

    private readonly long _startedAt = time.GetTimestamp();

    public int Attempts { get; private set; }

    /// <summary>The failure of the attempt before a wait; null while an attempt is under way.</summary>
    public ProviderFailure? LastFailure { get; private set; }

    public TimeSpan TimeLeft => timeout - time.GetElapsedTime(_startedAt);

    public bool CallerHasLeft => callerToken.IsCancellationRequested;

    public static ProviderCall Of(ResilienceContext context) => context.Properties.GetValue(Key, null!);

    public void Begin()
    {
        Attempts++;
        LastFailure = null;
        if (model is not null) model.Attempts?.Begin(provider, model);
    }

    public ProviderAttempt End(ProviderAttempt attempt)
    {
        LastFailure = attempt.Failure;
        if (attempt.Failure is { } failure) model?.Attempts?.Fail(failure.Exception.Outcome);
        return attempt;
    }

    /// <summary>An attempt ended without an answer. What a caller ended by leaving is charged by whoever knows what was delivered.</summary>
    public void Lose()
    {
        if (!CallerHasLeft) model?.Attempts?.Lose();
    }

    /// <summary>Whether enough is held for a further attempt beside what the earlier ones may cost.</summary>
    public ValueTask<bool> MayTryAgainAsync() =>
        model?.Attempts is { } attempts ? attempts.MayTryAsync(model) : new(true);
}
