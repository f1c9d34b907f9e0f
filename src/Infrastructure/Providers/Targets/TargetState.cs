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

    /// <summary>A stream has begun, which shows that the target answers. Its end decides about the cooldown.</summary>
    public void NoteBegunStream() => Circuit.Succeed();

    /// <summary>
    /// A stream ended. One that broke off counts for the cooldown alone: the target had answered, so no request is refused for
    /// it.
    /// </summary>
    public void NoteEndedStream(Guid user, ProviderFailure? failure)
    {
        if (failure is null) Cooldown.Succeed();
        else if (failure.CountsAsDown) Cooldown.Fail(user, failure);
    }

    /// <summary>Notes the end of a call.</summary>
    public void Note(Guid user, ProviderFailure? failure)
    {
        if (failure is null) Succeed();
        else if (failure.CountsAsDown) Fail(user, failure);
    }

    private void Succeed()
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
