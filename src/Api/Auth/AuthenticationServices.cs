using AiGateway.Api.Auth.Keys;
using AiGateway.Api.Auth.Sessions;
using AiGateway.Domain;
using AiGateway.Infrastructure.Configuration;
using AiGateway.Infrastructure.Configuration.SignIn;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;

namespace AiGateway.Api.Auth;

/// <summary>API keys and JWTs side by side. Every endpoint requires a caller unless it says otherwise.</summary>
internal static class AuthenticationServices
{
    public static IServiceCollection AddGatewayAuthentication(
        this IServiceCollection services, AuthenticationSettings settings, ConsoleSettings console)
    {
        var address = console.Enabled ? new ConsoleAddress(console.PublicUrl) : null;
        var schemes = new CredentialSchemes(settings.Enabled, acceptsTokens: settings.Jwt is not null, address);
        services.AddSingleton(schemes);
        services.AddSingleton<KnownKeys>();
        services.AddSingleton<KeyCheck>();
        services.AddSingleton<FailedAuthentications>();

        // Most requests carry a key, so the key scheme comes first. Where there are others, it forwards other credentials.
        var authentication = services.AddAuthentication(Schemes.ApiKey)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyAuthenticationHandler>(Schemes.ApiKey, options =>
            {
                if (!schemes.IsOnlyKeys) options.ForwardDefaultSelector = context => schemes.Of(context.Request);
            });
        if (!settings.Enabled)
            authentication.AddScheme<AuthenticationSchemeOptions, DevelopmentAuthenticationHandler>(Schemes.Development, null);
        if (settings.Jwt is { } jwt) authentication.AddGatewayJwt(jwt);
        if (address is not null) authentication.AddSessions(address, console);

        services.AddAuthorizationBuilder()
            .AddPolicy(Policies.Generate, policy => policy.RequireAuthenticatedUser().AddRequirements(new ScopeRequirement(Scopes.Generate)))
            .AddPolicy(Policies.Usage, policy => policy.RequireAuthenticatedUser().AddRequirements(new ScopeRequirement(Scopes.Usage)))
            .AddPolicy(Policies.Admin, policy => policy.RequireAuthenticatedUser().RequireAssertion(IsAdministrator));
        return services;
    }

    private static void AddSessions(this AuthenticationBuilder authentication, ConsoleAddress address, ConsoleSettings settings)
    {
        authentication.AddScheme<AuthenticationSchemeOptions, SessionAuthenticationHandler>(Schemes.Console, null);
        authentication.Services
            .AddSingleton(address)
            .AddSingleton<ConsoleProtection>()
            .AddSingleton<SessionCookie>()
            .AddSingleton<SignInErrors>()
            .AddSingleton(new SignInMethods(settings.Oidc is null ? ["key"] : ["key", "oidc"]))
            .AddSingleton<SessionEndpoints>();
        if (settings.Oidc is { } oidc) authentication.AddOidc(oidc, settings.PublicUrl);
    }

    private static bool IsAdministrator(AuthorizationHandlerContext context) => context.User.Identity is CallerIdentity { Caller.Scopes: var scopes }
        && (Scopes.Give(scopes, Scopes.Admin) || (Scopes.Give(scopes, Scopes.AdminTeam) && IsOpenToTeamAdministrators(context.Resource)));

    private static bool IsOpenToTeamAdministrators(object? resource) =>
        (resource as HttpContext)?.GetEndpoint()?.Metadata.GetMetadata<OpenToTeamAdministratorsAttribute>() is not null;
}
