using System.Text.Json;
using AiGateway.Application.OpenAiWire;
using AiGateway.Application.Requests;
using AiGateway.Domain;

namespace AiGateway.Application.Translation;

/// <summary>The traits that a request needs of its model.</summary>
/// <param name="Sampling">It sets a parameter of sampling to a value other than the default.</param>
/// <param name="ForcedToolChoice">It forces a tool call.</param>
/// <param name="Prefill">It ends with a message of the assistant.</param>
/// <param name="Thinking">The type of thinking; null: none.</param>
/// <param name="Effort">The effort of reasoning; null: none.</param>
internal readonly record struct TraitsInUse(bool Sampling, bool ForcedToolChoice, bool Prefill, ThinkingTypes? Thinking = null, ReasoningEfforts? Effort = null)
{
    /// <summary>The traits that a request needs.</summary>
    public static TraitsInUse Of(ModelRequest request)
    {
        if (request.Wire is not { } wire)
            return new(IsChanged(request.Options.Temperature) || IsChanged(request.Options.TopP), false, request.Messages is [.., { Role: "assistant" }]);
        using var json = JsonDocument.Parse(wire.Body);
        var root = json.RootElement;
        return new(
            IsChanged(root.Find("temperature"u8)) || IsChanged(root.Find("top_p"u8)) || root.FindSet("top_k"u8) is not null,
            IsForced(root.Find("tool_choice"u8) ?? default),
            root.Find("messages"u8).Elements().LastOrDefault().FindText("role"u8) == "assistant",
            TypeOf((root.Find("thinking"u8) ?? default).FindText("type"u8)),
            EffortNames.Find(EffortIn(root)));
    }

    /// <summary>Whether a model accepts all of them, as far as is known.</summary>
    public bool AreAcceptedBy(ModelTraits traits) =>
        (traits.Sampling || !Sampling)
        && (traits.ForcedToolChoice || !ForcedToolChoice)
        && (traits.Prefill || !Prefill)
        && (Thinking is not { } type || traits.Accepts(type))
        && (Effort is not { } effort || traits.Accepts(effort));

    private static bool IsChanged(double? value) => value is not (null or 1);

    private static bool IsChanged(JsonElement? value) =>
        value is { ValueKind: JsonValueKind.Number } number && !(number.TryGetDecimal(out var given) && given == 1);

    // A text in OpenAI's wires, an object in Anthropic's; an object of OpenAI's names a tool or lists the allowed ones.
    private static bool IsForced(JsonElement choice)
    {
        if (choice.ValueKind == JsonValueKind.String) return choice.ValueEquals("required"u8);
        return choice.FindText("type"u8) switch
        {
            null or "auto" or "none" => false,
            "allowed_tools" => (choice.Find("allowed_tools"u8) ?? choice).FindText("mode"u8) == "required",
            _ => true,
        };
    }

    private static ThinkingTypes? TypeOf(string? type) => type switch
    {
        "adaptive" => ThinkingTypes.Adaptive,
        "enabled" => ThinkingTypes.Enabled,
        "disabled" => ThinkingTypes.Disabled,
        "between_tools" => ThinkingTypes.BetweenTools,
        _ => null,
    };

    private static string? EffortIn(JsonElement root) =>
        root.FindText("reasoning_effort"u8) ?? root.Find("reasoning"u8)?.FindText("effort"u8) ?? root.Find("output_config"u8)?.FindText("effort"u8);
}
