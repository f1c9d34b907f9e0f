using AiGateway.Application.Providers;
using AiGateway.Infrastructure.Providers.Targets;
using Polly;

namespace AiGateway.Infrastructure.Providers;

/// <summary>The state of one call in the pipeline. The strategies read it, the attempts write it.</summary>
/// <param name="time">The clock.</param>
/// <param name="provider">The provider's name.</param>
/// <param name="origin">The user and the model of the call.</param>
/// <param name="target">The state of the called model.</param>
/// <param name="rates">The capacity below the account's rate limits.</param>
/// <param name="callerToken">Cancelled when the caller leaves.</param>
internal sealed class ProviderCall(
    TimeProvider time, string provider, CallOrigin origin, TargetState target, RateCapacity rates, CancellationToken callerToken)
{
    public static readonly ResiliencePropertyKey<ProviderCall> Key = new(nameof(ProviderCall));

    private readonly long _startedAt = time.GetTimestamp();

    public int Attempts { get; private set; }

    /// <summary>The failure of the attempt before a wait; null while an attempt is in progress.</summary>
    public ProviderFailure? LastFailure { get; private set; }

    public Guid UserId => origin.UserId;

    public string Model => origin.Model;

    /// <summary>The time limit for the whole call: of the model, or what earlier targets left of the request's deadline.</summary>
    public TimeSpan Timeout { get; } = Shorter(origin.Timeout, origin.Paid?.Attempts?.TimeLeft);

    public TargetState Target => target;

    public TimeSpan TimeLeft => Timeout - time.GetElapsedTime(_startedAt);

    /// <summary>Whether the plan of the request allows one more attempt at this target.</summary>
    public bool HasRoom => origin.Paid?.Attempts is not { } attempts || (Attempts < attempts.MostAtOneTarget && attempts.HasRoom);

    /// <summary>Whether another target may answer instead of a wait for this one.</summary>
    public bool HasOtherTargets => origin.Paid?.Attempts?.HasOtherTargets == true;

    public bool CallerHasLeft => callerToken.IsCancellationRequested;

    private static TimeSpan Shorter(TimeSpan limit, TimeSpan? left) =>
        left is null || left == System.Threading.Timeout.InfiniteTimeSpan || left > limit ? limit : left > TimeSpan.Zero ? left.Value : TimeSpan.FromMilliseconds(1);

    public static ProviderCall Of(ResilienceContext context) => context.Properties.GetValue(Key, null!);

    public void Begin()
    {
        Attempts++;
        LastFailure = null;
        if (origin.Paid is { } paid) rates.Begin(provider, paid);
    }

    public ProviderAttempt End(ProviderAttempt attempt)
    {
        LastFailure = attempt.Failure;
        if (attempt.Failure is { } failure) origin.Paid?.Attempts?.Fail(failure.Exception.Outcome);
        return attempt;
    }

    /// <summary>An attempt ended without an answer. If the caller left, the settlement charges what was delivered.</summary>
    public void Lose()
    {
        if (!CallerHasLeft) origin.Paid?.Attempts?.Lose();
    }

    /// <summary>Whether enough is held for a further attempt besides the possible cost of the earlier ones.</summary>
    public ValueTask<bool> MayTryAgainAsync() =>
        origin.Paid is { Attempts: { } attempts } paid ? attempts.MayTryAsync(paid) : new(true);
}

/// <summary>The properties of a call that the pipeline needs.</summary>
/// <param name="UserId">The user whose failures and successes are counted.</param>
/// <param name="Model">The provider's model, which has its own circuit breaker; empty for stored responses.</param>
/// <param name="Timeout">The time limit for all attempts at this target together.</param>
internal readonly record struct CallOrigin(Guid UserId, string Model, TimeSpan Timeout)
{
    /// <summary>The call that costs money and whose attempts are charged; null: the call is free.</summary>
    public ModelCall? Paid { get; init; }
}
