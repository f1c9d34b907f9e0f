using System.Security.Claims;
using AiGateway.Api.Auth;
using AiGateway.Api.Auth.Keys;
using AiGateway.Api.RateLimiting;

namespace AiGateway.Api.ApiKeyRequests;

/// <summary>
/// Admits a request with a known API key in one step, without ASP.NET Core's authentication, authorization and rate limiter.
/// It uses the same rules and never refuses: every request that it does not admit goes the standard way, which decides.
/// </summary>
/// <param name="standard">The standard way.</param>
/// <param name="admitted">What follows once a request is admitted.</param>
/// <param name="keys">The known keys.</param>
/// <param name="limit">The rate limit.</param>
/// <param name="services">The services of the application. No endpoint has services of its own for each request.</param>
internal sealed class ApiKeyMiddleware(
    RequestDelegate standard, RequestDelegate admitted, KnownKeys keys, CallerRateLimit limit, IServiceProvider services)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (!TryAdmit(context)) return standard(context);
        context.RequestServices = services;
        return admitted(context);
    }

    private bool TryAdmit(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<RequiredScopes>() is not { } scopes) return false;
        if (keys.FindCaller(context) is not { } caller || !scopes.AreMetBy(caller)) return false;
        context.User = CallerIdentity.PrincipalOf(caller, Schemes.ApiKey);
        if (limit.TryTake(context)) return true;

        // The standard way authenticates it again, and refuses it.
        context.User = new ClaimsPrincipal(new ClaimsIdentity());
        return false;
    }
}
