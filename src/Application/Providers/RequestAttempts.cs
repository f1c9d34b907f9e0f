using System.Diagnostics;
using AiGateway.Domain;

namespace AiGateway.Application.Providers;

/// <summary>
/// The HTTP calls of one request to providers, and the hold that pays for them. An adapter reports each call here. The calls
/// follow one another, so only one is in progress.
/// </summary>
public sealed class RequestAttempts(TimeProvider time, UnknownOutcome policy = UnknownOutcome.Held)
{
    private readonly List<RequestAttempt> _ended = [];
    private readonly long _createdAt = time.GetTimestamp();
    private Func<long, Task<bool>>? _raiseHold;
    private ModelCall? _call;
    private Action<TokenUsage>? _whenEnded;
    private string _provider = "";
    private long _startedAt;
    private long? _firstStartedAt;
    private bool _isSent;

    /// <summary>Most attempts over all targets.</summary>
    public int Most { get; init; } = int.MaxValue;

    /// <summary>Most attempts at one target.</summary>
    public int MostAtOneTarget { get; init; } = int.MaxValue;

    /// <summary>Whether the plan has another target, so waiting for one that limits our rate is not worth it.</summary>
    public bool HasOtherTargets { get; init; }

    /// <summary>The time limit for all attempts together; infinite: none.</summary>
    public TimeSpan Deadline { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>The time left for further attempts; infinite without a deadline.</summary>
    public TimeSpan TimeLeft => Deadline == Timeout.InfiniteTimeSpan ? Deadline : Deadline - time.GetElapsedTime(_createdAt);

    /// <summary>Whether a further attempt is within <see cref="Most"/> and <see cref="Deadline"/>.</summary>
    public bool HasRoom => _ended.Count < Most && (Deadline == Timeout.InfiniteTimeSpan || TimeLeft > TimeSpan.Zero);

    /// <summary>Finished attempts, in order.</summary>
    public IReadOnlyList<RequestAttempt> Ended => _ended;

    /// <summary>The call in progress; null: none.</summary>
    public ModelCall? UnderWay => _call;

    /// <summary>Whether the connection took any part of the body of the call in progress.</summary>
    public bool IsSent => Volatile.Read(ref _isSent);

    /// <summary>
    /// The input tokens of the call in progress, as the provider reported them before its reply ended; null: not yet.
    /// </summary>
    public TokenUsage? PromptUsage { get; private set; }

    /// <summary>The amount held for the request, in nano-dollars.</summary>
    public long HeldNanoUsd { get; private set; }

    /// <summary>Whether the reply waits until the settlement of the hold is committed.</summary>
    public bool AwaitSettlement { get; private set; }

    /// <summary>The charge of the last attempt that has one.</summary>
    public Charge Last { get; private set; }

    /// <summary>The charge of all attempts, in nano-dollars.</summary>
    public long CostNanoUsd { get; private set; }

    /// <summary>The time of the finished calls together.</summary>
    public TimeSpan Spent { get; private set; }

    /// <summary>The time since the first call began; null: none has.</summary>
    public TimeSpan? SinceFirst => _firstStartedAt is { } began ? time.GetElapsedTime(began) : null;

    /// <summary>The span of the calls until the request has ended; null: it is not traced.</summary>
    public Activity? Span { get; set; }

    /// <summary>Whether the provider may bill an attempt of which no complete answer came.</summary>
    public bool HasUnknown => _ended.Exists(attempt => attempt.Outcome == AttemptOutcome.Unknown);

    /// <summary>Starts with the granted hold.</summary>
    /// <param name="heldNanoUsd">How much is held, in nano-dollars.</param>
    /// <param name="raiseHold">Holds more nano-dollars; false when a limit lacks the capacity.</param>
    /// <param name="awaitSettlement">As <see cref="AwaitSettlement"/>.</param>
    public void HoldGranted(long heldNanoUsd, Func<long, Task<bool>> raiseHold, bool awaitSettlement = false) =>
        (HeldNanoUsd, _raiseHold, AwaitSettlement) = (heldNanoUsd, raiseHold, awaitSettlement);

    /// <summary>A call begins.</summary>
    /// <param name="provider">The provider.</param>
    /// <param name="call">The call.</param>
    /// <param name="ended">Gets the tokens of the call when it ended: as reported, counted or held; all zero when none are charged.</param>
    public void Begin(string provider, ModelCall call, Action<TokenUsage>? ended = null)
    {
        (_provider, _call, _startedAt, _whenEnded, PromptUsage) = (provider, call, time.GetTimestamp(), ended, null);
        _firstStartedAt ??= _startedAt;
        Volatile.Write(ref _isSent, false);
    }

    /// <summary>The connection takes the body: from now on the provider may bill the call.</summary>
    public void MarkSent() => Volatile.Write(ref _isSent, true);

    /// <summary>The provider reported the input tokens; they are charged when the whole usage never comes.</summary>
    public void KnowPrompt(TokenUsage usage) => PromptUsage = usage;

    /// <summary>
    /// The call in progress failed. A call that was sent without an answer has an unknown outcome, whatever ended it.
    /// </summary>
    public void Fail(AttemptOutcome outcome)
    {
        if (_call is null) return;
        var isUnknown = outcome == AttemptOutcome.Unknown || (outcome == AttemptOutcome.NotSent && IsSent);
        if (isUnknown) End(AttemptOutcome.Unknown, Charge.OfUnknown(_call, policy, new Delivered(CountedOutput: 0, PromptUsage), time.GetUtcNow()));
        else End(outcome, Charge.None);
    }

    /// <summary>A call ended without a complete answer, for example by a time-out.</summary>
    public void Lose() => Fail(AttemptOutcome.NotSent);

    /// <summary>A stream broke off: the delivered part is known, the billed part is not.</summary>
    public void LoseStream(Delivered delivered)
    {
        if (_call is not null) End(AttemptOutcome.Unknown, Charge.OfUnknown(_call, policy, delivered, time.GetUtcNow()));
    }

    /// <summary>The call in progress ended.</summary>
    public void End(AttemptOutcome outcome, Charge charge)
    {
        CostNanoUsd = checked(CostNanoUsd + charge.CostNanoUsd);
        var latency = time.GetElapsedTime(_startedAt);
        Spent += latency;
        _ended.Add(new RequestAttempt(_provider, _call!.Model.Model, outcome, charge.CostNanoUsd, (long)latency.TotalMilliseconds));
        _call = null;
        _whenEnded?.Invoke(charge.Usage);
        if (charge != Charge.None) Last = charge;
    }

    /// <summary>
    /// Whether a further attempt may be made. The charge of the earlier attempts and the maximum cost of this one must be
    /// held; a missing amount is held now.
    /// </summary>
    public async ValueTask<bool> MayTryAsync(ModelCall next)
    {
        var missing = checked(CostNanoUsd + next.Worst.MaxCostNanoUsd) - HeldNanoUsd;
        if (_raiseHold is null || missing <= 0) return true;
        if (!await _raiseHold(missing)) return false;
        HeldNanoUsd += missing;
        return true;
    }
}
