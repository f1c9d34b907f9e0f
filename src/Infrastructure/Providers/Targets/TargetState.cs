namespace AiGateway.Infrastructure.Providers.Targets;

/// <summary>What is remembered of one model at one provider: a cooldown, which orders, and a circuit breaker, which refuses.</summary>
internal sealed class TargetState
{
    public TargetState(TimeProvider time)
    {
        var users = new ActiveUsers();
        (Circuit, Cooldown) = (new CircuitBreaker(time, users), new TargetCooldown(time, users));
    }

    public CircuitBreaker Circuit { get; }

    public TargetCooldown Cooldown { get; }

    public void Succeed()
    {
        Circuit.Succeed();
        Cooldown.Succeed();
    }

    public void Fail(Guid user, ProviderFailure failure)
    {
        Circuit.Fail(user, failure.Exception.Code, failure.CountsAlone);
        Cooldown.Fail(user, failure);
    }
}
