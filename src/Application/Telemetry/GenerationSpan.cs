using System.Diagnostics;
using AiGateway.Application.Generation;
using AiGateway.Domain;

namespace AiGateway.Application.Telemetry;

/// <summary>
/// The span of a call to a model, which holds all its attempts.
/// </summary>
internal static class GenerationSpan
{
    /// <summary>
    /// Starts the span of a planned request; null: its trace is not kept. It becomes the parent of the attempts' spans.
    /// </summary>
    public static Activity? Start(Generate request)
    {
        if (!GatewaySpans.IsKept) return null;
        var operation = GenAi.NameOf(request.Operation);
        var call = request.Plan!.First.Call;
        var span = GatewaySpans.Source.StartActivity($"{operation} {call.Model.Model}", ActivityKind.Client);
        if (span is null) return null;
        var options = request.Options;
        span.SetTag(GenAi.Operation, operation)
            .SetTag(GenAi.RequestModel, call.Model.Model)
            .SetTag(TelemetryNames.RequestId, request.RequestId.ToString())
            .SetTag(GenAi.RequestMaxTokens, call.MaxCompletionTokens > 0 ? call.MaxCompletionTokens : null)
            .SetTag(GenAi.RequestTemperature, options.Temperature)
            .SetTag(GenAi.RequestTopP, options.TopP)
            .SetTag(GenAi.RequestFrequencyPenalty, options.FrequencyPenalty)
            .SetTag(GenAi.RequestPresencePenalty, options.PresencePenalty)
            .SetTag(GenAi.RequestSeed, options.Seed)
            .SetTag(GenAi.RequestStopSequences, options.Stop is { Count: > 0 } stop ? stop.ToArray() : null);
        if (request.Stream) span.SetTag(GenAi.RequestStream, true);
        if (request.Choices > 1) span.SetTag(GenAi.RequestChoices, request.Choices);
        return span;
    }

    /// <summary>Ends the span of a request, if it has one.</summary>
    /// <param name="ended">The request.</param>
    /// <param name="choices">What the span may hold.</param>
    public static void End(in EndedRequest ended, TelemetryChoices choices)
    {
        if (ended.Attempts.Span is not { } span) return;
        ended.Attempts.Span = null;
        Describe(span, ended, choices);
        span.Stop();
    }

    private static void Describe(Activity span, in EndedRequest ended, TelemetryChoices choices)
    {
        var settlement = ended.Settlement;
        span.SetTag(GenAi.Provider, ended.Provider)
            .SetTag(TelemetryNames.Attempts, ended.Attempts.Ended.Count)
            .SetTag(TelemetryNames.Cost, (double)Money.ToUsd(settlement.CostNanoUsd))
            .SetTag(GenAi.TimeToFirstChunk, ended.CalledToFirstChunk?.TotalSeconds);
        AddUsage(span, settlement.Usage, choices);
        if (ended.Reply?.Answer is { } answer)
        {
            span.SetTag(GenAi.ResponseModel, answer.Model);
            if (answer.FinishReason is { } reason) span.SetTag(GenAi.FinishReasons, new[] { reason });
        }

        if (choices.CapturesContent) MessageContent.AddTo(span, ended);
        if (settlement.Error is not { } error) return;
        span.SetTag(GenAi.ErrorType, error.ToName());
        span.SetStatus(ActivityStatusCode.Error, error.ToName());
    }

    private static void AddUsage(Activity span, TokenUsage usage, TelemetryChoices choices)
    {
        if (usage.TotalTokens == 0) return;
        span.SetTag(GenAi.InputTokens, usage.PromptTokens).SetTag(GenAi.OutputTokens, usage.CompletionTokens);
        if (usage.CachedPromptTokens > 0) span.SetTag(GenAi.CacheReadTokens, usage.CachedPromptTokens);
        if (usage.CacheWriteTokens > 0)
            span.SetTag(choices.UsesNextNames ? GenAi.NextCacheWriteTokens : GenAi.CacheWriteTokens, usage.CacheWriteTokens);
        if (usage.ReasoningTokens > 0) span.SetTag(GenAi.ReasoningTokens, usage.ReasoningTokens);
    }
}
