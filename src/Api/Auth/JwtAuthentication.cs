using System.Text;
using AiGateway.Application.Ports;
using AiGateway.Infrastructure.Configuration;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AiGateway.Api.Auth;

/// <summary>Tokens of the organisation's own identity provider. The subject becomes a user at first sight.</summary>
internal static class JwtAuthentication
{
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    // A token of another kind, such as one for logging out, may carry the same claims and grants no access.
    private static readonly string[] AccessTypes = ["JWT", "at+jwt", "application/at+jwt"];

    public static AuthenticationBuilder AddGatewayJwt(this AuthenticationBuilder authentication, JwtSettings settings) =>
        authentication.AddJwtBearer(Schemes.Jwt, options =>
        {
            options.MapInboundClaims = false;
            options.Authority = settings.Authority?.ToString();
            options.RequireHttpsMetadata = settings.Authority?.Scheme == Uri.UriSchemeHttps;
            options.TokenValidationParameters = new TokenValidationParameters
            {
                ValidateIssuer = true,
                ValidIssuer = settings.Issuer,
                ValidateAudience = true,
                ValidAudience = settings.Audience,
                IgnoreTrailingSlashWhenValidatingAudience = false,
                TypeValidator = static (type, _, _) => RequireAccessType(type),
                ValidateLifetime = true,
                RequireExpirationTime = true,
                RequireSignedTokens = true,
                ValidateIssuerSigningKey = true,
                IssuerSigningKey = settings.SigningKey is { } key ? new SymmetricSecurityKey(Encoding.UTF8.GetBytes(key)) : null,
                ClockSkew = ClockSkew,
            };
            options.Events = new JwtBearerEvents
            {
                OnMessageReceived = context =>
                {
                    context.Token = Credentials.Read(context.Request);
                    return Task.CompletedTask;
                },
                OnChallenge = ChargeAsync,
                OnTokenValidated = context => IdentifyAsync(context, settings.ScopeClaim),
            };
        });

    // Afterwards, since no look-up stands behind a faulty token: a good one is accepted whatever came from its address.
    private static Task ChargeAsync(JwtBearerChallengeContext context)
    {
        if (context.AuthenticateFailure is null) return Task.CompletedTask;
        var failures = context.HttpContext.RequestServices.GetRequiredService<FailedAuthentications>();
        var address = ClientAddress.Of(context.HttpContext);
        failures.Tell(address);
        return failures.Charge(address) is { } wait ? throw FailedAuthentications.ToRefusal(wait) : Task.CompletedTask;
    }

    private static async Task IdentifyAsync(TokenValidatedContext context, string scopeClaim)
    {
        var token = context.SecurityToken;
        if (token is not JsonWebToken jwt || jwt.TryGetHeaderValue<object>("crit", out _))
        {
            context.Fail("The token names a critical header, and none is known here.");
            return;
        }

        var subject = context.Principal?.FindFirst("sub")?.Value;
        if (string.IsNullOrEmpty(subject))
        {
            context.Fail("The token names no subject.");
            return;
        }

        var scopes = context.Principal!.FindAll(scopeClaim)
            .SelectMany(claim => claim.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Distinct()
            .ToArray();
        var name = context.Principal.FindFirst("name")?.Value;
        var caller = await context.HttpContext.RequestServices.GetRequiredService<ICallerDirectory>()
            .FindBySubjectAsync(token.Issuer, subject, name, scopes, context.HttpContext.RequestAborted);
        if (caller is null) context.Fail("The user is disabled.");
        else context.Principal = CallerIdentity.PrincipalOf(caller, Schemes.Jwt);
    }

    private static string RequireAccessType(string? type) =>
        string.IsNullOrEmpty(type) || AccessTypes.Contains(type, StringComparer.OrdinalIgnoreCase)
            ? type ?? ""
            : throw new SecurityTokenInvalidTypeException("The token is of another kind.");
}
