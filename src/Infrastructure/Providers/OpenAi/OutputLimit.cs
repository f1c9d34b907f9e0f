using AiGateway.Application.Generation;
using AiGateway.Domain;
using AiGateway.Infrastructure.Pricing;

namespace AiGateway.Infrastructure.Providers.OpenAi;

/// <summary>The name under which a target reads the output limit. Without a limit that it obeys, a reply could cost more than was held.</summary>
internal static class OutputLimit
{
    /// <summary>What every compatible server reads, and some read nothing else.</summary>
    public const string Older = "max_tokens";

    /// <summary>What OpenAI's reasoning models read; they refuse the older name.</summary>
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
