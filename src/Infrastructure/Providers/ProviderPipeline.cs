using System.Runtime.ExceptionServices;
using AiGateway.Application.Generation;
using AiGateway.Domain;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace AiGateway.Infrastructure.Providers;

/// <summary>
/// How hard one provider is tried, outermost first: total time-out, retry, circuit breaker, attempt time-out.
/// The breaker is shared by all calls of the provider.
/// </summary>
internal sealed class ProviderPipeline
{
    private static readonly TimeSpan FirstRetryDelay = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestRetryDelay = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan BreakerWindow = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan BreakerPause = TimeSpan.FromSeconds(5);
    private const double BreakerFailureRatio = 0.5;
    private const int BreakerMinimumCalls = 10;

    private readonly string _provider;
    private readonly ProviderSettings _settings;
    private readonly TimeProvider _time;
    private readonly ResiliencePipeline<ProviderAttempt> _pipeline;

    public ProviderPipeline(string provider, ProviderSettings settings, TimeProvider time)
    {
        (_provider, _settings, _time) = (provider, settings, time);
        var builder = new ResiliencePipelineBuilder<ProviderAttempt> { TimeProvider = time };
        builder.AddTimeout(settings.Timeout);
        if (settings.MaxRetries > 0) builder.AddRetry(Retry(settings.MaxRetries));
        builder.AddCircuitBreaker(Breaker());

        // Without it the total time-out alone ends the attempt, and the two cannot race.
        if (settings.AttemptTimeout < settings.Timeout) builder.AddTimeout(settings.AttemptTimeout);
        _pipeline = builder.Build();
    }

    /// <param name="attempt">Makes one attempt.</param>
    /// <param name="state">What it needs.</param>
    /// <param name="model">What is asked; null: something that is free.</param>
    /// <param name="cancellationToken">Cancelled when the caller leaves.</param>
    /// <exception cref="OperationCanceledException">The caller left.</exception>
    public async Task<ProviderOutcome> RunAsync<TState>(
        Func<TState, CancellationToken, Task<ProviderAttempt>> attempt, TState state, ModelCall? model, CancellationToken cancellationToken)
    {
        var call = new ProviderCall(_time, _settings.Timeout, _provider, model, cancellationToken);
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(ProviderCall.Key, call);
        try
        {
            var outcome = await _pipeline.ExecuteOutcomeAsync(
                static (inner, run) => AttemptAsync(run.attempt, run.state, run.call, inner.CancellationToken),
                context,
                (attempt, state, call));
            return new ProviderOutcome(outcome.Result.Reply, FailureOf(outcome, call), call.Attempts);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private static async ValueTask<Outcome<ProviderAttempt>> AttemptAsync<TState>(
        Func<TState, CancellationToken, Task<ProviderAttempt>> attempt, TState state, ProviderCall call, CancellationToken cancellationToken)
    {
        call.Begin();
        try
        {
            return Outcome.FromResult(call.End(await attempt(state, cancellationToken)));
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // A connection torn down by the cancellation can end in any exception; the time-outs look for this one.
            call.Lose();
            return Outcome.FromException<ProviderAttempt>(new OperationCanceledException(cancellationToken));
        }
        catch (Exception unexpected)
        {
            call.Lose();
            return Outcome.FromException<ProviderAttempt>(unexpected);
        }
    }

    private ProviderException? FailureOf(Outcome<ProviderAttempt> outcome, ProviderCall call) => outcome.Exception switch
    {
        null => outcome.Result.Failure?.Exception,

        // The time ran out in the wait before a retry: what went wrong before says more than the time-out.
        TimeoutRejectedException when call.LastFailure is { } last => last.Exception,
        TimeoutRejectedException late => new ProviderTimeoutException(_provider, late.Timeout, late),
        BrokenCircuitException open => new ProviderException(
            ErrorCode.ProviderFailed, _provider, $"The provider {_provider} failed too often and is left alone for a moment.", open)
        {
            RetryAfter = open.RetryAfter,
        },
        _ => Rethrow(outcome.Exception),
    };

    private static ProviderException? Rethrow(Exception callerLeftOrUnforeseen)
    {
        ExceptionDispatchInfo.Throw(callerLeftOrUnforeseen);
        return null;
    }

    private static RetryStrategyOptions<ProviderAttempt> Retry(int maxRetries) => new()
    {
        MaxRetryAttempts = maxRetries,
        Delay = FirstRetryDelay,
        MaxDelay = LongestRetryDelay,
        BackoffType = DelayBackoffType.Exponential,
        UseJitter = true,
        ShouldHandle = args => MayRetryAsync(args.Outcome, ProviderCall.Of(args.Context), maxRetries),
        DelayGenerator = args => ValueTask.FromResult(AskedDelay(args.Outcome)),
    };

    // Asked last, since it may hold more money: a further attempt pays for itself and for what the one before may cost.
    private static ValueTask<bool> MayRetryAsync(Outcome<ProviderAttempt> outcome, ProviderCall call, int maxRetries) =>
        call.Attempts <= maxRetries && MayRetry(outcome, call) ? call.MayTryAgainAsync() : new(false);

    private static bool MayRetry(Outcome<ProviderAttempt> outcome, ProviderCall call) => outcome.Exception switch
    {
        null => outcome.Result.Failure is { MayRetry: true } failure && !(failure.Exception.RetryAfter >= call.TimeLeft),
        TimeoutRejectedException => call.TimeLeft > TimeSpan.Zero,
        _ => false,
    };

    // "Retry after 0 s" gets the gateway's own delay rather than none.
    private static TimeSpan? AskedDelay(Outcome<ProviderAttempt> outcome) =>
        outcome.Result.Failure?.Exception.RetryAfter is { } asked && asked > TimeSpan.Zero ? asked : null;

    private static CircuitBreakerStrategyOptions<ProviderAttempt> Breaker() => new()
    {
        FailureRatio = BreakerFailureRatio,
        MinimumThroughput = BreakerMinimumCalls,
        SamplingDuration = BreakerWindow,
        BreakDuration = BreakerPause,
        ShouldHandle = args => ValueTask.FromResult(CountsAsDown(args.Outcome, ProviderCall.Of(args.Context))),
    };

    private static bool CountsAsDown(Outcome<ProviderAttempt> outcome, ProviderCall call) => outcome.Exception switch
    {
        null => outcome.Result.Failure is { CountsAsDown: true },
        TimeoutRejectedException => true,

        // Cancelled by the total time-out, or by a caller who left and says nothing about the provider.
        OperationCanceledException => !call.CallerHasLeft,
        _ => false,
    };
}
