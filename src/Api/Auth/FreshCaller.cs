using AiGateway.Api.Door;
using AiGateway.Api.Errors;
using Microsoft.AspNetCore.Authentication;

namespace AiGateway.Api.Auth;

/// <summary>Authenticates a caller once more, when much time has passed since its headers came.</summary>
internal sealed class FreshCaller(IAuthenticationSchemeProvider schemes, TimeProvider time)
{
    /// <summary>
    /// Puts the caller and the instant of now in the place of those of the headers, so that a revocation, a new price or a
    /// new period reaches the request.
    /// </summary>
    /// <exception cref="Domain.AiGatewayException">The key or token lets nobody in any more.</exception>
    public async Task RequireAsync(HttpContext context)
    {
        var known = context.Caller();
        var scheme = await schemes.GetSchemeAsync(context.User.Identity!.AuthenticationType!)
            ?? throw new InvalidOperationException("The scheme that authenticated the caller is not registered.");

        // A handler of its own: the request's own one remembers its first answer.
        var handler = (IAuthenticationHandler)ActivatorUtilities.CreateInstance(context.RequestServices, scheme.HandlerType);
        await handler.InitializeAsync(scheme, context);
        var result = await handler.AuthenticateAsync();
        if (result.Principal?.Identity is not CallerIdentity { Caller: var caller } || caller.UserId != known.UserId)
            throw ErrorTable.Unauthenticated();
        context.User = result.Principal;
        context.Features.Set(context.Ticket() with { ReceivedAt = time.GetUtcNow() });
    }
}
