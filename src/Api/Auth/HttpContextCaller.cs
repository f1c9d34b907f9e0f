using AiGateway.Api.Http;
using AiGateway.Application;
using AiGateway.Application.Administration;
using AiGateway.Application.Generation;
using AiGateway.Domain;

namespace AiGateway.Api.Auth;

/// <summary>The caller of a request.</summary>
internal static class HttpContextCaller
{
    /// <summary>The authenticated caller. Only for endpoints that require one.</summary>
    public static Caller Caller(this HttpContext context) => context.FindCaller()
        ?? throw new InvalidOperationException($"{context.Request.Path} needs a caller but allows anonymous requests.");

    /// <summary>The authenticated caller, or null.</summary>
    public static Caller? FindCaller(this HttpContext context) => (context.User.Identity as CallerIdentity)?.Caller;

    /// <summary>The authenticated caller as an administrator who changes something.</summary>
    public static Actor Actor(this HttpContext context)
    {
        var caller = context.Caller();
        return new(caller.UserId, ViaOf(context), caller.ApiKeyId, caller.Scopes, context.Identity().Id) { TeamId = caller.TeamId };
    }

    /// <summary>
    /// A generate command with the request's id, arrival time and caller. The reader of the body adds the rest.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <param name="conversation">The conversation that the body names; a header that names one has precedence.</param>
    public static Generate NewGenerate(this HttpContext context, string? conversation = null)
    {
        var identity = context.Identity();
        var headers = context.Request.Headers;
        return new()
        {
            RequestId = identity.Id,
            ReceivedAt = identity.ReceivedAt,
            Caller = context.Caller(),
            ConversationKey = ClientHints.FindConversationKey(headers) ?? conversation,
            ClientTimeout = ClientHints.FindTimeout(headers),
        };
    }

    private static ActorVia ViaOf(HttpContext context) => context.User.Identity!.AuthenticationType switch
    {
        Schemes.ApiKey => ActorVia.Key,
        Schemes.Jwt => ActorVia.Token,
        Schemes.Development => ActorVia.Development,
        Schemes.Console => ActorVia.Console,
        var scheme => throw new InvalidOperationException($"The scheme {scheme} names no credential."),
    };
}
