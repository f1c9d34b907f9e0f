using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenIddict.Abstractions;
using OpenIddict.Server;

namespace AiGateway.Api.Tests.SignIn;

/// <summary>A real OpenID provider on a socket: OpenIddict. It lets one person in, and requires PKCE, the secret and the redirect address.</summary>
internal sealed class OpenIddictProvider : IAsyncDisposable
{
    public const string ClientId = "the-gateway";
    public const string ClientSecret = "the-secret-of-the-gateway";
    private readonly WebApplication _app;

    private OpenIddictProvider(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.Single());

    public static async Task<OpenIddictProvider> StartAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddAuthentication();
        builder.Services.AddOpenIddict().AddServer(options =>
        {
            options.EnableDegradedMode();
            options.SetAuthorizationEndpointUris("authorize").SetTokenEndpointUris("token");
            options.AllowAuthorizationCodeFlow().RequireProofKeyForCodeExchange();
            options.RegisterScopes("profile");
            options.AddEphemeralEncryptionKey().AddEphemeralSigningKey();
            options.UseAspNetCore().DisableTransportSecurityRequirement();
            options.AddEventHandler<OpenIddictServerEvents.ValidateAuthorizationRequestContext>(each => each.UseInlineHandler(context =>
            {
                if (context.ClientId != ClientId) context.Reject(OpenIddictConstants.Errors.InvalidClient);
                if (context.RedirectUri?.EndsWith("/console/signin/callback", StringComparison.Ordinal) != true) context.Reject(OpenIddictConstants.Errors.InvalidRequest);
                return default;
            }));
            options.AddEventHandler<OpenIddictServerEvents.HandleAuthorizationRequestContext>(each => each.UseInlineHandler(context =>
            {
                context.SignIn(NewPerson(context.Request.GetScopes()));
                return default;
            }));
            options.AddEventHandler<OpenIddictServerEvents.ValidateTokenRequestContext>(each => each.UseInlineHandler(context =>
            {
                if (context.ClientId != ClientId || context.ClientSecret != ClientSecret) context.Reject(OpenIddictConstants.Errors.InvalidClient);
                return default;
            }));
        });
        var app = builder.Build();
        app.UseAuthentication();
        await app.StartAsync();
        return new OpenIddictProvider(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static ClaimsPrincipal NewPerson(IEnumerable<string> scopes)
    {
        var identity = new ClaimsIdentity("test", "name", "role");
        identity.AddClaim(new Claim(OpenIddictConstants.Claims.Subject, "ann"));
        identity.AddClaim(new Claim(OpenIddictConstants.Claims.Name, "Ann Example"));
        identity.AddClaim(new Claim("groups", "platform"));
        identity.AddClaim(new Claim("groups", "everyone"));
        identity.SetScopes(scopes);
        identity.SetDestinations(_ => [OpenIddictConstants.Destinations.IdentityToken]);
        return new ClaimsPrincipal(identity);
    }
}
