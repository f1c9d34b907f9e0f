using AiGateway.Domain;
using Microsoft.Net.Http.Headers;

namespace AiGateway.Api.Errors;

/// <summary>The failure for an error status that the framework left without a body.</summary>
internal static class BareFailures
{
    private const string Offered = "The OpenAI-compatible API is at /v1: chat/completions, embeddings, responses, models. The Anthropic-compatible API is at /v1/messages.";

    /// <summary>Null for a status that the error table does not explain.</summary>
    public static AiGatewayException? Of(HttpContext context)
    {
        var status = context.Response.StatusCode;
        if (status is not (StatusCodes.Status404NotFound or StatusCodes.Status405MethodNotAllowed)) return ErrorTable.FromBareStatus(status);
        return FindNotOffered(context) is { } text
            ? new AiGatewayException(ErrorCode.NotFound, $"{text} {Offered}")
            : FindUpgrade(context.Request) ?? ErrorTable.FromBareStatus(status);
    }

    // Addresses of other APIs and of parts of OpenAI's API. Some of them match a route with a parameter, for another method.
    private static string? FindNotOffered(HttpContext context) => ErrorFormatAttribute.Of(context) switch
    {
        ErrorFormat.Google => "This gateway does not offer Google's Gemini API.",
        ErrorFormat.Anthropic => "This gateway does not offer this part of Anthropic's API.",
        _ when context.Request.Path.StartsWithSegments("/v1/responses/compact") => "This gateway does not offer /v1/responses/compact. Shorten the conversation yourself.",
        _ => null,
    };

    // Some clients try a WebSocket first. They use POST at once after this status, and after no other.
    private static AiGatewayException? FindUpgrade(HttpRequest request) =>
        request.Headers[HeaderNames.Upgrade].ToString().Contains("websocket", StringComparison.OrdinalIgnoreCase)
            ? new AiGatewayException(ErrorCode.UpgradeRequired, "This endpoint does not support WebSockets. Send the request with POST over HTTP.")
            : null;
}
