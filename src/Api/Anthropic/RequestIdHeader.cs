using AiGateway.Api.Errors;
using AiGateway.Application.Providers;

namespace AiGateway.Api.Anthropic;

/// <summary>The header by which Anthropic's clients name a request: the provider's id, or ours where it gave none.</summary>
internal static class RequestIdHeader
{
    /// <summary>The gateway's own id, before a reply.</summary>
    public static void Set(HttpContext context) => context.Response.Headers[AnthropicErrors.RequestIdHeader] = context.TraceIdentifier;

    /// <summary>The id of a reply.</summary>
    public static void Set(HttpResponse response, ModelReply reply)
    {
        if (reply.ProviderRequestId is { } id) response.Headers[AnthropicErrors.RequestIdHeader] = id;
    }
}
