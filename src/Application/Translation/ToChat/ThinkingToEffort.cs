using System.Text.Json;
using AiGateway.Application.OpenAiWire;
using AiGateway.Domain;

namespace AiGateway.Application.Translation.ToChat;

/// <summary>Turns thinking and effort of Anthropic's wire into <c>reasoning_effort</c>.</summary>
internal static class ThinkingToEffort
{
    private const long MediumBudget = 4_096;
    private const long HighBudget = 8_192;

    /// <summary>The effort; null: the model's default. A model without reasoning gets none.</summary>
    /// <exception cref="InvalidRequestException">The effort is unknown.</exception>
    public static string? Of(JsonElement request, PricedModel model)
    {
        var thinking = request.Find("thinking"u8) ?? default;
        var named = request.Find("output_config"u8)?.FindSet("effort"u8);
        var effort = named is { } given
            ? EffortNames.Find(given.ValueKind == JsonValueKind.String ? given.GetString() : null)
                ?? throw new InvalidRequestException("output_config.effort", $"must be one of {EffortNames.All}")
            : OfBudget(thinking);
        if (!model.Capabilities.Reasoning) return null;
        if (thinking.FindText("type"u8) == "disabled") return EffortNames.Of(Least(model.Traits));
        return effort is { } wanted ? EffortNames.Of(EffortNames.AtMost(wanted, model.Traits)) : null;
    }

    private static ReasoningEfforts? OfBudget(JsonElement thinking)
    {
        if (thinking.FindText("type"u8) != "enabled" || thinking.Find("budget_tokens"u8) is not { ValueKind: JsonValueKind.Number } number || !number.TryGetInt64(out var budget)) return null;
        return budget >= HighBudget ? ReasoningEfforts.High : budget >= MediumBudget ? ReasoningEfforts.Medium : ReasoningEfforts.Low;
    }

    // Every reasoning model accepts low; some accept less.
    private static ReasoningEfforts Least(ModelTraits traits)
    {
        if (traits.Efforts?.HasFlag(ReasoningEfforts.Off) == true) return ReasoningEfforts.Off;
        return traits.Efforts?.HasFlag(ReasoningEfforts.Minimal) == true ? ReasoningEfforts.Minimal : ReasoningEfforts.Low;
    }
}
