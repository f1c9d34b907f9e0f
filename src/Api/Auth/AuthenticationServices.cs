using AiGateway.Domain;
using AiGateway.Infrastructure.Configuration;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;

namespace AiGateway.Api.Auth;

/// <summary>API keys and JWTs side by side. Every endpoint requires a caller unless it says otherwise.</summary>
internal static class AuthenticationServices
{
    public static IServiceCollection AddGatewayAuthentication(this IServiceCollection services, AuthenticationSettings settings)
    {
        services.AddSingleton<FailedAuthentications>();

        // Most requests carry a key, so the key scheme comes first. Where there are others, it forwards other credentials.
        var authentication = services.AddAuthentication(Schemes.ApiKey)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyAuthenticationHandler>(Schemes.ApiKey, options =>
            {
                if (!settings.Enabled || settings.Jwt is not null)
                    options.ForwardDefaultSelector = context => SchemeFor(context.Request, settings);
            });
        if (!settings.Enabled)
            authentication.AddScheme<AuthenticationSchemeOptions, DevelopmentAuthenticationHandler>(Schemes.Development, null);
        if (settings.Jwt is { } jwt) authentication.AddGatewayJwt(jwt);

        services.AddAuthorizationBuilder()
            .AddPolicy(Policies.Generate, policy => policy.RequireAuthenticatedUser().RequireAssertion(context => Has(context, Scopes.Generate)))
            .AddPolicy(Policies.Usage, policy => policy.RequireAuthenticatedUser().RequireAssertion(context => Has(context, Scopes.Usage)))
            .AddPolicy(Policies.Admin, policy => policy.RequireAuthenticatedUser().RequireAssertion(IsAdministrator));
        return services;
    }

    private static string SchemeFor(HttpRequest request, AuthenticationSettings settings)
    {
        var credentials = Credentials.Read(request);
        if (credentials == default && !settings.Enabled) return Schemes.Development;
        return settings.Jwt is not null && credentials.LookLikeJwt() ? Schemes.Jwt : Schemes.ApiKey;
    }

    private static bool IsAdministrator(AuthorizationHandlerContext context) => Has(context, Scopes.Admin)
        || (Has(context, Scopes.AdminTeam)
            && context.Resource is HttpContext http
            && http.GetEndpoint()?.Metadata.GetMetadata<OpenToTeamAdministratorsAttribute>() is not null);

    private static bool Has(AuthorizationHandlerContext context, string scope) =>
        context.User.Identity is CallerIdentity identity && Scopes.Give(identity.Caller.Scopes, scope);
}
