using AiGateway.Application.Providers;
using AiGateway.Application.Requests;
using AiGateway.Domain;

namespace AiGateway.Application.Translation;

/// <summary>What a request of the native API may not ask of a provider with Anthropic's wire.</summary>
internal static class NativeRules
{
    /// <exception cref="InvalidRequestException">The wire has no equivalent, or the model does not accept it.</exception>
    public static void Check(ModelCall call)
    {
        var (options, model) = (call.Request.Options, call.Model);
        CheckSampling("options.temperature", options.Temperature, model, most: 1);
        CheckSampling("options.topP", options.TopP, model, most: 1);
        if (options.FrequencyPenalty is not (null or 0)) throw Without("options.frequencyPenalty", model);
        if (options.PresencePenalty is not (null or 0)) throw Without("options.presencePenalty", model);
        if (options.Stop?.Any(string.IsNullOrWhiteSpace) == true)
            throw new InvalidRequestException("options.stop", $"the provider of the model {model.Model} does not accept a text of white space alone. Remove it, or use another model");
        CheckRoles(call.Request.Messages ?? [], model);
        if (call.Request.Prompt is null && call.Request.Messages?.All(static message => message.Role is "system" or "developer") == true)
            throw new InvalidRequestException("messages", $"must contain a message of the user for the model {model.Model}");
    }

    private static void CheckSampling(string field, double? value, PricedModel model, double most)
    {
        if (value is null or 1) return;
        if (!model.Traits.Sampling) throw new InvalidRequestException(field, $"the model {model.Model} does not accept it. Remove it");
        if (value > most) throw new InvalidRequestException(field, $"must be at most {most} for the model {model.Model}");
    }

    private static void CheckRoles(IReadOnlyList<ChatMessage> messages, PricedModel model)
    {
        for (var i = 0; i < messages.Count; i++)
        {
            if (messages[i].Role == "tool") throw Without($"messages[{i}].role", model);
        }

        if (!model.Traits.Prefill && messages is [.., { Role: "assistant" }])
            throw new InvalidRequestException($"messages[{messages.Count - 1}]", $"the model {model.Model} does not continue a message of the assistant. End with a message of the user");
    }

    private static InvalidRequestException Without(string field, PricedModel model) =>
        new(field, $"has no equivalent at the provider of the model {model.Model}. Remove it, or use another model");
}
