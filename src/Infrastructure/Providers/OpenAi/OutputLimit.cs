using AiGateway.Application.Generation;
using AiGateway.Domain;
using AiGateway.Infrastructure.Pricing;

namespace AiGateway.Infrastructure.Providers.OpenAi;

/// <summary>
/// The member name of the output limit at a target. Without a limit that the target applies, a reply could cost more than
/// its hold.
/// </summary>
internal static class OutputLimit
{
    /// <summary>The name that every compatible server accepts, and some accept no other.</summary>
    public const string Older = "max_tokens";

    /// <summary>The name for OpenAI's reasoning models, which refuse the older one.</summary>
    public const string Newer = "max_completion_tokens";

    private const string OfResponses = "max_output_tokens";

    /// <summary>The one name to send; null for a request without output.</summary>
    /// <param name="call">The call.</param>
    /// <param name="isOpenAi">Whether OpenAI or Azure OpenAI itself is called.</param>
    public static string? NameFor(ModelCall call, bool isOpenAi) => call.Request.Operation switch
    {
        ModelOperation.Embeddings => null,
        ModelOperation.Responses => OfResponses,
        _ => call.Model.Capabilities.Reasoning && (isOpenAi || OpenAiNames.IsOpenAi(call.Model.Model)) ? Newer : Older,
    };
}
