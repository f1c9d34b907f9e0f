using AiGateway.Infrastructure.Configuration.SignIn;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace AiGateway.Api.Auth.Sessions;

/// <summary>Sign-in to the console by an OpenID provider: the code flow with PKCE, at the server.</summary>
internal static class OidcSignIn
{
    private const string Name = "name";
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(2);
    private static readonly PathString Start = ConsoleAddress.Path + "/signin";
    private static readonly PathString Callback = Start + "/callback";

    public static void AddOidc(this AuthenticationBuilder authentication, OidcSettings settings, Uri? publicUrl)
    {
        authentication.Services.AddSingleton(new PersonRights(settings)).AddSingleton<PersonSignIn>();
        authentication.Services.AddOptions<OpenIdConnectOptions>(Schemes.Oidc)
            .Configure<ConsoleProtection>(static (options, protection) => options.DataProtectionProvider = protection);
        authentication.AddOpenIdConnect(Schemes.Oidc, options =>
        {
            options.Authority = settings.Authority.ToString();
            options.RequireHttpsMetadata = settings.Authority.Scheme == Uri.UriSchemeHttps;
            options.ClientId = settings.ClientId;
            options.ClientSecret = settings.ClientSecret;
            options.ResponseType = OpenIdConnectResponseType.Code;

            // A form that the provider posts would arrive without cookies, unless these were sent from other sites too.
            options.ResponseMode = OpenIdConnectResponseMode.Query;
            options.UsePkce = true;
            options.MapInboundClaims = false;
            options.GetClaimsFromUserInfoEndpoint = true;
            options.Scope.Clear();
            foreach (var scope in settings.Scopes.Prepend("openid")) options.Scope.Add(scope);
            options.ClaimActions.Clear();
            options.ClaimActions.MapJsonKey(Name, Name);
            options.ClaimActions.MapJsonKey(settings.Claim, settings.Claim);
            options.TokenValidationParameters.ClockSkew = ClockSkew;
            options.CallbackPath = Callback;
            options.RemoteSignOutPath = default;
            options.SignedOutCallbackPath = default;
            BeSafe(options.NonceCookie, publicUrl);
            BeSafe(options.CorrelationCookie, publicUrl);
            options.Events = new OpenIdConnectEvents
            {
                OnRedirectToIdentityProvider = context =>
                {
                    if (publicUrl is not null) context.ProtocolMessage.RedirectUri = publicUrl.GetLeftPart(UriPartial.Authority) + Callback;
                    return Task.CompletedTask;
                },
                OnMessageReceived = context => SignIn(context.HttpContext).CountAsync(context.HttpContext),
                OnTicketReceived = context => FinishAsync(context),
                OnRemoteFailure = context =>
                {
                    SignIn(context.HttpContext).Fail(context.HttpContext, context.Failure);
                    context.HandleResponse();
                    return Task.CompletedTask;
                },
            };
        });
    }

    /// <summary>Maps the address that begins a sign-in.</summary>
    public static void MapOidc(this WebApplication app) =>
        app.MapGet(Start.Value!, context => SignIn(context).StartAsync(context)).AllowAnonymous().ExcludeFromDescription();

    private static async Task FinishAsync(TicketReceivedContext context)
    {
        await SignIn(context.HttpContext).FinishAsync(context.HttpContext, context.Principal!);
        context.HandleResponse();
    }

    private static PersonSignIn SignIn(HttpContext context) => context.RequestServices.GetRequiredService<PersonSignIn>();

    // The way back from the provider is a visit from another site, at which browsers send no strict cookie.
    private static void BeSafe(CookieBuilder cookie, Uri? publicUrl)
    {
        cookie.SameSite = SameSiteMode.Lax;
        cookie.SecurePolicy = publicUrl is null ? CookieSecurePolicy.SameAsRequest : CookieSecurePolicy.Always;
    }
}
