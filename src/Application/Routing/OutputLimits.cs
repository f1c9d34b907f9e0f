using AiGateway.Application.Providers;
using AiGateway.Application.Requests;
using AiGateway.Domain;

namespace AiGateway.Application.Routing;

/// <summary>
/// The output limits of a request. Clients of the compatible APIs that give none expect the model's own, so the ledger chooses
/// by the capacity left. The native API has a documented default.
/// </summary>
internal sealed class OutputLimits(GatewayDefaults defaults)
{
    /// <summary>The limit of one choice that was asked for, or the default; never above the model's own.</summary>
    public long For(ModelRequest request, PricedModel model) =>
        Math.Min(request.Options.MaxTokens ?? defaults.MaxTokens, model.Capabilities.MaxOutputTokens);

    /// <summary>The limits that the ledger may choose from; null: the limit is given, and must not be lowered.</summary>
    public OutputChoice? ChoiceFor(ModelRequest request)
    {
        if (!IsCompatible(request)) return null;
        if (request.Options.MaxTokens is { } limit) return defaults.LowersOutputLimit ? new OutputChoice(1, limit) : null;
        return new OutputChoice(defaults.LowersOutputLimit ? 1 : defaults.MaxTokens, defaults.MaxTokens);
    }

    /// <summary>
    /// The call with the largest limit that the window has capacity for, when the client gave none. The prompt is bounded from
    /// above, so the limit before stays possible.
    /// </summary>
    public static ModelCall Open(ModelCall call)
    {
        if (!IsCompatible(call.Request) || call.Request.Options.MaxTokens is not null) return call;
        var model = call.Model.Capabilities;
        return call.WithOutputLimit(Math.Clamp(model.ContextWindow - call.Worst.PromptTokens, call.MaxCompletionTokens, model.MaxOutputTokens));
    }

    private static bool IsCompatible(ModelRequest request) => request is { Wire: not null, Operation: not ModelOperation.Embeddings };
}

/// <summary>The output limits that the ledger may choose from, in tokens of one choice. The plan's own limits are the largest.</summary>
/// <param name="Least">With less capacity than for this limit the request is refused.</param>
/// <param name="Usual">The limit for which there is always capacity, unless the request is lowered to what is left.</param>
internal readonly record struct OutputChoice(long Least, long Usual);
