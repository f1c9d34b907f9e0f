using System.Security.Claims;
using System.Text;
using AiGateway.Application.Users;
using AiGateway.Domain;
using AiGateway.Infrastructure.Configuration;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AiGateway.Api.Auth;

/// <summary>Tokens of the organisation's own identity provider. A new subject becomes a user.</summary>
internal static class JwtAuthentication
{
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    // Other token types, such as logout tokens, may carry the same claims but grant no access.
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
                ValidIssuers = settings.Issuers,
                ValidateAudience = true,
                ValidAudiences = settings.Audiences,
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
                    context.Token = Credentials.Read(context.Request).Secret;
                    return Task.CompletedTask;
                },
                OnChallenge = ChargeAsync,
                OnTokenValidated = context => IdentifyAsync(context, settings),
                OnForbidden = context => context.HttpContext.Features.Get<RefusedCaller>() is { } refused
                    ? throw refused.Failure
                    : Task.CompletedTask,
            };
        });

    // Charged afterwards, because a faulty token causes no look-up. A valid token is accepted whatever else came from its
    // address.
    private static Task ChargeAsync(JwtBearerChallengeContext context)
    {
        if (context.AuthenticateFailure is null) return Task.CompletedTask;
        var failures = context.HttpContext.RequestServices.GetRequiredService<FailedAuthentications>();
        var address = ClientAddress.Of(context.HttpContext);
        failures.Tell(address);
        if (failures.Charge(address) is { } wait) throw FailedAuthentications.ToRefusal(wait);
        return context.AuthenticateFailure is AiGatewayException refusal ? throw refusal : Task.CompletedTask;
    }

    private static async Task IdentifyAsync(TokenValidatedContext context, JwtSettings settings)
    {
        var token = context.SecurityToken;
        if (token is not JsonWebToken jwt || jwt.TryGetHeaderValue<object>("crit", out _))
        {
            context.Fail("The token requires a critical header, and the gateway supports none.");
            return;
        }

        var subject = context.Principal?.FindFirst("sub")?.Value;
        if (string.IsNullOrEmpty(subject))
        {
            context.Fail("The token has no subject.");
            return;
        }

        var scopes = context.Principal!.FindAll(claim => settings.ScopeClaims.Contains(claim.Type))
            .SelectMany(claim => claim.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Distinct()
            .ToArray();
        if (!scopes.Any(Scopes.All.Contains))
        {
            // Identity providers issue tokens to all of their accounts. A token without a gateway scope must not create a
            // user.
            Refuse(context, new AiGatewayException(
                ErrorCode.PermissionDenied,
                $"The token has none of the gateway's scopes. It needs one of {string.Join(", ", Scopes.All)} in its scope claim."));
            return;
        }

        var name = context.Principal.FindFirst("name")?.Value;
        try
        {
            var caller = await context.HttpContext.RequestServices.GetRequiredService<ICallerDirectory>()
                .FindBySubjectAsync(token.Issuer, subject, name, ReadPath(context.Principal, settings), scopes, context.HttpContext.RequestAborted);
            if (caller is null) context.Fail("The user is disabled.");
            else context.Principal = CallerIdentity.PrincipalOf(caller, Schemes.Jwt);
        }
        catch (AiGatewayException failure) when (failure.Code == ErrorCode.PermissionDenied)
        {
            Refuse(context, failure);
        }
        catch (AiGatewayException failure) when (failure.Code == ErrorCode.Unauthenticated)
        {
            context.Fail(failure);
        }
    }

    /// <exception cref="AiGatewayException"><see cref="ErrorCode.PermissionDenied"/>: a claim holds no id.</exception>
    private static TokenPath ReadPath(ClaimsPrincipal token, JwtSettings settings)
    {
        return Read(ScopeKind.Project, settings.ProjectClaim) ?? Read(ScopeKind.Team, settings.TeamClaim) ?? default;

        TokenPath? Read(ScopeKind kind, string? claim)
        {
            if (claim is null || token.FindFirst(claim)?.Value is not { Length: > 0 } value) return null;
            return Guid.TryParse(value, out var id)
                ? new TokenPath(kind, id)
                : throw new AiGatewayException(ErrorCode.PermissionDenied, $"The claim {claim} of the token holds no id of a {kind.ToName()}. Ask an administrator.");
        }
    }

    // Not thrown: the library would log each refusal as an error with its stack.
    private static void Refuse(TokenValidatedContext context, AiGatewayException failure)
    {
        context.HttpContext.Features.Set(new RefusedCaller(failure));
        context.Principal = RefusedCaller.PrincipalOf(Schemes.Jwt);
    }

    private static string RequireAccessType(string? type) =>
        string.IsNullOrEmpty(type) || AccessTypes.Contains(type, StringComparer.OrdinalIgnoreCase)
            ? type ?? ""
            : throw new SecurityTokenInvalidTypeException("The token is not an access token.");
}
