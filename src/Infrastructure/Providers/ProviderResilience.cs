using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Runtime.ExceptionServices;
using AiGateway.Application.Alerts;
using AiGateway.Application.Providers;
using AiGateway.Domain;
using AiGateway.Infrastructure.Providers.Exchange;
using AiGateway.Infrastructure.Providers.Targets;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace AiGateway.Infrastructure.Providers;

/// <summary>
/// The resilience of calls to one provider, outermost first: total time-out, retry, attempt time-out, circuit breaker. All
/// calls to one model share a breaker.
/// </summary>
internal sealed class ProviderResilience
{
    private static readonly TimeSpan FirstRetryDelay = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestRetryDelay = TimeSpan.FromSeconds(8);

    private readonly string _provider;
    private readonly TimeProvider _time;
    private readonly ResiliencePipeline<ProviderAttempt> _pipeline;

    private readonly RetryBudget _retries;

    // One per model of this provider in the price book.
    private readonly ConcurrentDictionary<string, TargetState> _targets = new(StringComparer.Ordinal);

    public ProviderResilience(string provider, ProviderSettings settings, TimeProvider time)
    {
        (_provider, _time, _retries) = (provider, time, new RetryBudget(time));
        Rates = new RateCapacity(settings.RequestsPerMinute, settings.TokensPerMinute, time);
        var builder = new ResiliencePipelineBuilder<ProviderAttempt> { TimeProvider = time };
        builder.AddTimeout(Limit(static call => call.Timeout));
        if (settings.MaxRetries > 0) builder.AddRetry(Retry(settings.MaxRetries));

        // Without it, the total time-out alone ends the attempt, and the two cannot race.
        if (settings.AttemptTimeout is { } attempt)
            builder.AddTimeout(Limit(call => attempt < call.Timeout ? attempt : System.Threading.Timeout.InfiniteTimeSpan));
        _pipeline = builder.Build();
    }

    /// <summary>The capacity below the account's rate limits.</summary>
    public RateCapacity Rates { get; }

    /// <summary>Learns when the account is refused and when it works; null: it is not followed.</summary>
    public ProviderOutages? Outages { get; set; }

    /// <summary>When the model may be tried again by this user, or the account has capacity again; null: now.</summary>
    /// <param name="model">The model.</param>
    /// <param name="user">The user.</param>
    /// <param name="told">What the provider last said of its limits.</param>
    public DateTimeOffset? CoolsUntil(string model, Guid user, RateLimitInfo? told) =>
        (_targets.TryGetValue(model, out var target) ? target.Cooldown.UntilFor(user) : null) ?? Rates.FullUntil(told);

    /// <summary>A stream of this model ended.</summary>
    /// <param name="model">The model.</param>
    /// <param name="user">The user.</param>
    /// <param name="failure">Its failure; null: it was good.</param>
    public void NoteEndedStream(string model, Guid user, ProviderFailure? failure) => TargetOf(model).NoteEndedStream(user, failure);

    /// <summary>The models that cool down now.</summary>
    public IReadOnlyList<CoolingModel> Cooling() =>
        [.. from target in _targets
            let until = target.Value.Cooldown.Until
            where until is not null
            orderby target.Key
            select new CoolingModel(target.Key, until.Value, target.Value.Cooldown.Reason)];

    /// <summary>The models whose circuit breaker is open now.</summary>
    public IReadOnlyList<OpenBreaker> OpenBreakers() =>
        [.. from target in _targets
            let open = target.Value.Circuit.Open
            where open is not null
            orderby target.Key
            select new OpenBreaker(target.Key, open.Value.Code, open.Value.Until > _time.GetUtcNow() ? open.Value.Until : null)];

    /// <param name="origin">The user and the model of the call.</param>
    /// <param name="attempt">Makes one attempt.</param>
    /// <param name="cancellationToken">Cancelled when the caller leaves.</param>
    /// <exception cref="OperationCanceledException">The caller left.</exception>
    public async Task<ProviderOutcome> RunAsync(
        CallOrigin origin, Func<CancellationToken, Task<ProviderAttempt>> attempt, CancellationToken cancellationToken)
    {
        var call = new ProviderCall(_time, _provider, origin, TargetOf(origin.Model), Rates, cancellationToken);
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(ProviderCall.Key, call);
        try
        {
            var outcome = await _pipeline.ExecuteOutcomeAsync(
                static (inner, run) => run.pipeline.AttemptAsync(run.attempt, run.call, inner.CancellationToken),
                context,
                (pipeline: this, attempt, call));
            return new ProviderOutcome(outcome.Result.Reply, FailureOf(outcome, call), call.Attempts);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private async ValueTask<Outcome<ProviderAttempt>> AttemptAsync(
        Func<CancellationToken, Task<ProviderAttempt>> attempt, ProviderCall call, CancellationToken cancellationToken)
    {
        // The earlier failure says more than the refusal of the retry.
        if (call.Target.Circuit.Enter(call.UserId) is { } open)
            return Outcome.FromResult<ProviderAttempt>(call.LastFailure is { } last ? last with { MayRetry = false } : Refused(open));

        _retries.Begin(isRetry: call.Attempts > 0);
        call.Begin();
        try
        {
            var result = call.End(await attempt(cancellationToken));
            if (Outages is not null) Note(Outages, call.Model, result.Failure);
            if (result.Reply?.Chunks is null or FinishedStream) call.Target.Note(call.UserId, result.Failure);
            else call.Target.NoteBegunStream();
            return Outcome.FromResult(result);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // A caller who leaves says nothing about the provider.
            if (!call.CallerHasLeft) call.Target.Fail(call.UserId, TimedOut(call));

            // A connection closed by the cancellation can end in any exception; the time-outs look for this one.
            call.Lose();
            return Outcome.FromException<ProviderAttempt>(new OperationCanceledException(cancellationToken));
        }
        catch (Exception unexpected)
        {
            call.Lose();
            return Outcome.FromException<ProviderAttempt>(unexpected);
        }
    }

    private void Note(ProviderOutages outages, string model, ProviderFailure? failure)
    {
        if (failure is null) outages.NoteAnswer(_provider, model);
        else if (failure.IsAccountExhausted) outages.NoteRefusal(_provider, "", AlertProblem.AccountExhausted);
        else if (failure.IsOfTheAccount)
            outages.NoteRefusal(_provider, failure.Exception.ProviderStatus == (int)HttpStatusCode.Unauthorized ? "" : model, AlertProblem.Misconfigured);
    }

    private ProviderException? FailureOf(Outcome<ProviderAttempt> outcome, ProviderCall call) => outcome.Exception switch
    {
        null => outcome.Result.Failure?.Exception,

        // The time ran out during the wait before a retry: the earlier failure says more than the time-out.
        TimeoutRejectedException when call.LastFailure is { } last => last.Exception,
        TimeoutRejectedException late => new ProviderTimeoutException(_provider, late.Timeout, late),
        _ => Rethrow(outcome.Exception),
    };

    private TargetState TargetOf(string model) => _targets.GetOrAdd(model, static (_, time) => new TargetState(time), _time);

    private ProviderFailure TimedOut(ProviderCall call) =>
        new(new ProviderTimeoutException(_provider, call.Timeout), MayRetry: true, CountsAsDown: true);

    private ProviderFailure Refused(OpenCircuit open)
    {
        // A rate limit that a wait resolves stays one for the caller.
        var code = open.Code == ErrorCode.ProviderRateLimited ? open.Code : ErrorCode.ProviderFailed;
        var until = open.Until.AddSeconds(1).AddTicks(-1);
        var problem = new ProviderException(
            code,
            _provider,
            string.Create(CultureInfo.InvariantCulture, $"Provider {_provider} is failing; its circuit breaker is open until {until:HH:mm:ss}Z. The request was not sent to it. Retry after that time."))
        {
            RetryAfter = open.Until - _time.GetUtcNow(),
        };
        return new ProviderFailure(problem, MayRetry: false, CountsAsDown: false);
    }

    private static ProviderException? Rethrow(Exception callerLeftOrUnforeseen)
    {
        ExceptionDispatchInfo.Throw(callerLeftOrUnforeseen);
        return null;
    }

    private RetryStrategyOptions<ProviderAttempt> Retry(int maxRetries) => new()
    {
        MaxRetryAttempts = maxRetries,
        Delay = FirstRetryDelay,
        MaxDelay = LongestRetryDelay,
        BackoffType = DelayBackoffType.Exponential,
        UseJitter = true,
        ShouldHandle = args => MayRetryAsync(args.Outcome, ProviderCall.Of(args.Context), maxRetries),
        DelayGenerator = args => ValueTask.FromResult(AskedDelay(args.Outcome)),
    };

    // Checked last, because it may hold more money: a further attempt needs a hold for itself and for the possible cost of
    // the earlier one.
    private ValueTask<bool> MayRetryAsync(Outcome<ProviderAttempt> outcome, ProviderCall call, int maxRetries) =>
        call.Attempts <= maxRetries && call.HasRoom && MayRetry(outcome, call) && _retries.Allows() ? call.MayTryAgainAsync() : new(false);

    private static bool MayRetry(Outcome<ProviderAttempt> outcome, ProviderCall call) => outcome.Exception switch
    {
        null => outcome.Result.Failure is { MayRetry: true } failure && !(failure.Exception.RetryAfter >= call.TimeLeft)
            && !(failure.Exception.Code == ErrorCode.ProviderRateLimited && call.HasOtherTargets),
        TimeoutRejectedException => call.TimeLeft > TimeSpan.Zero,
        _ => false,
    };

    // "Retry after 0 s" gets the gateway's own delay instead of none.
    private static TimeSpan? AskedDelay(Outcome<ProviderAttempt> outcome) =>
        outcome.Result.Failure?.Exception.RetryAfter is { } asked && asked > TimeSpan.Zero ? asked : null;

    private static TimeoutStrategyOptions Limit(Func<ProviderCall, TimeSpan> limitOf) =>
        new() { TimeoutGenerator = args => ValueTask.FromResult(limitOf(ProviderCall.Of(args.Context))) };
}
