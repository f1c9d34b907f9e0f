using System.Text;
using AiGateway.Application.Ports;
using AiGateway.Domain;
using AiGateway.Infrastructure.Configuration;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.Tokens;

namespace AiGateway.Api.Auth;

/// <summary>Tokens of the organisation's own identity provider. The subject becomes a user at first sight.</summary>
internal static class JwtAuthentication
{
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

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
                OnTokenValidated = context => IdentifyAsync(context, settings.ScopeClaim),
                OnForbidden = context => context.HttpContext.Features.Get<RefusedToken>() is { } refused
                    ? throw refused.Failure
                    : Task.CompletedTask,
            };
        });

    private static async Task IdentifyAsync(TokenValidatedContext context, string scopeClaim)
    {
        var token = context.SecurityToken;
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
        if (!scopes.Any(Scopes.All.Contains))
        {
            // Identity providers issue tokens to all of their accounts; those not meant for the gateway make no users.
            Refuse(context, new AiGatewayException(
                ErrorCode.PermissionDenied,
                $"The token holds none of the gateway's scopes. It needs one of {string.Join(", ", Scopes.All)} in its scope claim."));
            return;
        }

        var name = context.Principal.FindFirst("name")?.Value;
        try
        {
            var caller = await context.HttpContext.RequestServices.GetRequiredService<ICallerDirectory>()
                .FindBySubjectAsync(token.Issuer, subject, name, scopes, context.HttpContext.RequestAborted);
            if (caller is null) context.Fail("The user is disabled.");
            else context.Principal = CallerIdentity.PrincipalOf(caller, Schemes.Jwt);
        }
        catch (AiGatewayException failure) when (failure.Code == ErrorCode.PermissionDenied)
        {
            Refuse(context, failure);
        }
    }

    // Not thrown here: the library would write each refusal to the log as an error, with its stack.
    private static void Refuse(TokenValidatedContext context, AiGatewayException failure)
    {
        context.HttpContext.Features.Set(new RefusedToken(failure));
        context.Principal = RefusedToken.Principal;
    }
}
