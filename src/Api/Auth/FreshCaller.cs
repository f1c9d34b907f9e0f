using AiGateway.Api.Errors;
using AiGateway.Api.Http;
using Microsoft.AspNetCore.Authentication;

namespace AiGateway.Api.Auth;

/// <summary>Authenticates a caller again when the body took long to arrive.</summary>
internal sealed class FreshCaller(IAuthenticationSchemeProvider schemes, TimeProvider time)
{
    /// <summary>
    /// Replaces the caller and the arrival time of the headers by current ones, so a revocation, a new price or a new period
    /// applies to the request.
    /// </summary>
    /// <exception cref="Domain.AiGatewayException">The key or token is no longer valid.</exception>
    public async Task RequireAsync(HttpContext context)
    {
        var known = context.Caller();
        var scheme = await schemes.GetSchemeAsync(context.User.Identity!.AuthenticationType!)
            ?? throw new InvalidOperationException("The scheme that authenticated the caller is not registered.");

        // A new handler: the request's own handler remembers its first answer.
        var handler = (IAuthenticationHandler)ActivatorUtilities.CreateInstance(context.RequestServices, scheme.HandlerType);
        await handler.InitializeAsync(scheme, context);
        var result = await handler.AuthenticateAsync();
        if (result.Principal?.Identity is not CallerIdentity { Caller: var caller } || caller.UserId != known.UserId)
            throw ErrorTable.Unauthenticated();
        context.User = result.Principal;
        context.Features.Set(context.Identity() with { ReceivedAt = time.GetUtcNow() });
    }
}
