using AiGateway.Application.Providers;
using AiGateway.Domain;

namespace AiGateway.Application.OpenAiWire;

/// <summary>
/// The member name of the output limit at a target. Without a limit that the target applies, a reply could cost more than
/// its hold.
/// </summary>
public static class OutputLimit
{
    /// <summary>The name that every compatible server accepts, and some accept no other.</summary>
    public const string Older = "max_tokens";

    /// <summary>The name for OpenAI's reasoning models, which refuse the older one.</summary>
    public const string Newer = "max_completion_tokens";

    private const string OfResponses = "max_output_tokens";

    /// <summary>The one name to send; null for a request without output.</summary>
    /// <param name="call">The call.</param>
    /// <param name="profile">The server's profile.</param>
    public static string? NameFor(ModelCall call, OpenAiProfile profile) => call.Request.Operation switch
    {
        ModelOperation.Embeddings => null,
        ModelOperation.Responses => OfResponses,
        _ => IsNewer(call.Model, profile.OutputLimit) ? Newer : Older,
    };

    private static bool IsNewer(PricedModel model, OutputLimitName name) => name switch
    {
        OutputLimitName.ByModel => model.Capabilities.Reasoning && OpenAiNames.IsOpenAi(model.Model),
        OutputLimitName.ByReasoning => model.Capabilities.Reasoning,
        _ => name == OutputLimitName.MaxCompletionTokens,
    };
}
