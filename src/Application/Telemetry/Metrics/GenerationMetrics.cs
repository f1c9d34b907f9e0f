using System.Diagnostics;
using System.Diagnostics.Metrics;
using AiGateway.Domain;

namespace AiGateway.Application.Telemetry.Metrics;

/// <summary>
/// The metrics of requests for models. Without a listener a measurement costs a check. Every attribute has few values:
/// models of the price book, providers of the configuration, and closed lists.
/// </summary>
internal sealed class GenerationMetrics
{
    private const string Seconds = "s";
    private const double NanoUsdPerUsd = 1e9;

    private readonly Histogram<double> _clientDuration;
    private readonly Histogram<double> _firstChunk;
    private readonly Histogram<double> _perChunk;
    private readonly Histogram<double> _serverDuration;
    private readonly Histogram<double> _firstToken;
    private readonly Histogram<double> _perToken;
    private readonly Histogram<double> _overhead;
    private readonly Histogram<long>? _tokens;
    private readonly Counter<long>? _inputTokens;
    private readonly Counter<long>? _outputTokens;
    private readonly Counter<double> _cost;
    private readonly Counter<long> _attempts;
    private readonly Counter<long> _refusals;
    private readonly MeasureBuffer<RequestMeasures> _ended;
    private long _aboveHold;

    public GenerationMetrics(Meter meter, GatewayDefaults defaults)
    {
        var next = defaults.Telemetry.UsesNextNames;
        _clientDuration = meter.CreateHistogram(
            next ? GenAi.NextClientDuration : GenAi.ClientDuration, Seconds, "Time of a call to a model, further attempts included.", null, Buckets.Long);
        _firstChunk = meter.CreateHistogram(
            next ? GenAi.NextClientFirstChunk : GenAi.ClientFirstChunk, Seconds, "From the call to the first chunk of a stream.", null, Buckets.Long);
        _perChunk = meter.CreateHistogram(
            next ? GenAi.NextClientPerChunk : GenAi.ClientPerChunk, Seconds, "Time between two chunks of a stream.", null, Buckets.Short);
        if (next)
        {
            _inputTokens = meter.CreateCounter<long>(GenAi.NextInputTokens, "{token}", "Charged input tokens.");
            _outputTokens = meter.CreateCounter<long>(GenAi.NextOutputTokens, "{token}", "Charged output tokens.");
        }
        else
        {
            _tokens = meter.CreateHistogram(GenAi.ClientTokens, "{token}", "Charged tokens of a request.", null, Buckets.Tokens);
        }

        _serverDuration = meter.CreateHistogram(
            GenAi.ServerDuration, Seconds, "From the arrival of a request to the end of its reply.", null, Buckets.Long);
        _firstToken = meter.CreateHistogram(
            GenAi.ServerFirstToken, Seconds, "From the arrival of a request to the first chunk of its stream.", null, Buckets.Long);
        _perToken = meter.CreateHistogram(GenAi.ServerPerToken, Seconds, "Time of an output token after the first chunk.", null, Buckets.Short);
        _overhead = meter.CreateHistogram(
            TelemetryNames.Overhead, Seconds, "Time of a request in the gateway, outside calls to providers.", null, Buckets.Overheads);
        _cost = meter.CreateCounter<double>(TelemetryNames.Cost, "{USD}", "Charged cost.");
        _attempts = meter.CreateCounter<long>(TelemetryNames.Attempts, "{attempt}", "Calls to providers.");
        _refusals = meter.CreateCounter<long>(TelemetryNames.Refusals, "{request}", "Requests that a budget or a rate refused.");

        _ended = new MeasureBuffer<RequestMeasures>(Record);

        // Rare, and shown as 0 before the first one.
        meter.CreateObservableCounter(
            TelemetryNames.AboveHold, ReadAboveHold, "{request}", "Settlements that cost more than was held.");
    }

    /// <summary>A limit refused a request.</summary>
    public void Refused(QuotaRefusal refusal)
    {
        if (!_refusals.Enabled) return;
        _refusals.Add(
            1,
            new(TelemetryNames.Limit, refusal.LimitName),
            new(TelemetryNames.ScopeKind, (refusal.Scope?.Kind ?? ScopeKind.User).ToName()));
    }

    /// <summary>A request cost more than was held for it.</summary>
    public void CostMoreThanHeld() => Interlocked.Increment(ref _aboveHold);

    /// <summary>A request has ended.</summary>
    public void Ended(in EndedRequest ended)
    {
        if (_serverDuration.Enabled) _ended.Add(RequestMeasures.Of(ended));
    }

    // The SDK reads what is observed before it collects the rest, so the requests kept until now are in the same collection.
    private long ReadAboveHold()
    {
        _ended.Drain();
        return Volatile.Read(ref _aboveHold);
    }

    private void Record(in RequestMeasures ended)
    {
        var tags = new TagList
        {
            { GenAi.Operation, ended.Operation },
            { GenAi.Provider, ended.Provider },
            { GenAi.RequestModel, ended.Model },
        };
        CountAttempts(ended.Attempts);
        CountTokens(ended.Usage, tags);
        if (ended.FirstToken is { } firstToken) MeasureStream(ended, firstToken, tags);
        _overhead.Record(ended.Overhead.TotalSeconds);
        if (ended.Error is { } error) tags.Add(GenAi.ErrorType, error);
        if (ended.Called is { } called) _clientDuration.Record(called.TotalSeconds, tags);
        _serverDuration.Record(ended.Latency.TotalSeconds, tags);
    }

    private void CountAttempts(IReadOnlyList<RequestAttempt> attempts)
    {
        foreach (var attempt in attempts)
        {
            KeyValuePair<string, object?> provider = new(GenAi.Provider, GenAi.NameOf(attempt.Provider));
            KeyValuePair<string, object?> model = new(GenAi.RequestModel, attempt.Model);
            _attempts.Add(1, provider, model, new(TelemetryNames.Outcome, NameOf(attempt.Outcome)));

            // Only a figure to look at: the ledger counts in whole nano-dollars.
            if (attempt.CostNanoUsd > 0) _cost.Add(attempt.CostNanoUsd / NanoUsdPerUsd, provider, model);
        }
    }

    private void CountTokens(TokenUsage usage, in TagList tags)
    {
        _inputTokens?.Add(usage.PromptTokens, tags);
        _outputTokens?.Add(usage.CompletionTokens, tags);
        if (_tokens is null || usage.TotalTokens == 0) return;
        var (input, output) = (tags, tags);
        input.Add(GenAi.TokenType, "input");
        output.Add(GenAi.TokenType, "output");
        _tokens.Record(usage.PromptTokens, input);
        if (usage.CompletionTokens > 0) _tokens.Record(usage.CompletionTokens, output);
    }

    private void MeasureStream(in RequestMeasures ended, TimeSpan firstToken, in TagList tags)
    {
        _firstToken.Record(firstToken.TotalSeconds, tags);
        if (ended.CalledToFirstChunk is { } firstChunk) _firstChunk.Record(firstChunk.TotalSeconds, tags);
        var after = (ended.Latency - firstToken).TotalSeconds;
        if (ended.Chunks > 1) _perChunk.Record(after / (ended.Chunks - 1), tags);
        if (ended.Usage.CompletionTokens is > 1 and var tokens) _perToken.Record(after / (tokens - 1), tags);
    }

    private static string NameOf(AttemptOutcome outcome) => outcome switch
    {
        AttemptOutcome.Answered => "answered",
        AttemptOutcome.NotSent => "not_sent",
        AttemptOutcome.Refused => "refused",
        AttemptOutcome.ClientLeft => "client_left",
        _ => "unknown",
    };
}
