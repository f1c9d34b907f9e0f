using System.Text.Json;
using AiGateway.Application.Providers;
using AiGateway.Domain;

namespace AiGateway.Application.Translation.ToMessages;

/// <summary>Turns <c>reasoning_effort</c> into the thinking that the model accepts.</summary>
internal static class EffortToThinking
{
    private const long LeastBudget = 1_024;

    /// <param name="call">The call.</param>
    /// <param name="chat">The client's request.</param>
    /// <param name="isInToolLoop">
    /// Whether the conversation ends with results of tools. A model with a budget then wants its earlier thinking back, which
    /// chat completions do not carry: it answers without thinking.
    /// </param>
    /// <exception cref="InvalidRequestException">The effort is unknown, or the model does not reason.</exception>
    public static Thinking Of(ModelCall call, JsonElement chat, bool isInToolLoop)
    {
        if (chat.FindSet("reasoning_effort"u8) is not { } given) return default;
        var effort = EffortNames.Find(given.ValueKind == JsonValueKind.String ? given.GetString() : null)
            ?? throw new InvalidRequestException("reasoning_effort", $"must be one of {EffortNames.All}");
        var (model, traits) = (call.Model, call.Model.Traits);
        if (!model.Capabilities.Reasoning)
            return effort == ReasoningEfforts.Off ? default : throw new InvalidRequestException("reasoning_effort", $"the model {model.Model} does not reason. Remove it");
        if (effort == ReasoningEfforts.Off) return Least(traits);
        if (traits.Accepts(ThinkingTypes.Adaptive)) return new("adaptive", null, EffortNames.Of(EffortNames.AtMost(effort, traits)));
        return traits.Accepts(ThinkingTypes.Enabled) && !isInToolLoop ? WithBudget(effort, call.MaxCompletionTokens) : default;
    }

    private static Thinking Least(ModelTraits traits)
    {
        if (traits.Accepts(ThinkingTypes.Disabled)) return new("disabled", null, null);
        if (traits.Accepts(ThinkingTypes.BetweenTools)) return new("between_tools", null, null);
        return traits.Accepts(ThinkingTypes.Adaptive) ? new("adaptive", null, "low") : default;
    }

    // At most half of the output, so the answer is not cut.
    private static Thinking WithBudget(ReasoningEfforts effort, long limit)
    {
        if (limit <= LeastBudget) return default;
        var wanted = effort switch
        {
            ReasoningEfforts.Minimal => LeastBudget,
            ReasoningEfforts.Low => 2_048,
            ReasoningEfforts.Medium => 4_096,
            ReasoningEfforts.High => 8_192,
            _ => 16_384,
        };
        return new("enabled", Math.Max(LeastBudget, Math.Min(wanted, limit / 2)), null);
    }
}

/// <summary>The thinking of a request.</summary>
/// <param name="Type">The type; null: the model's default.</param>
/// <param name="Budget">The budget in tokens; null: none.</param>
/// <param name="Effort">The effort; null: the model's default.</param>
internal readonly record struct Thinking(string? Type, long? Budget, string? Effort)
{
    /// <summary>Writes the member <c>thinking</c>.</summary>
    public void Write(Utf8JsonWriter json)
    {
        if (Type is null) return;
        json.WriteStartObject("thinking"u8);
        json.WriteString("type"u8, Type);
        if (Budget is { } budget) json.WriteNumber("budget_tokens"u8, budget);
        json.WriteEndObject();
    }
}
