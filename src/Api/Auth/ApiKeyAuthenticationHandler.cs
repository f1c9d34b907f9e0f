using System.Text.Encodings.Web;
using AiGateway.Api.Auth.Keys;
using AiGateway.Api.Errors;
using AiGateway.Domain;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace AiGateway.Api.Auth;

/// <summary>Authenticates a request by its API key.</summary>
internal sealed class ApiKeyAuthenticationHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, KeyCheck keys)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    private static readonly Task<AuthenticateResult> NoKey = Task.FromResult(AuthenticateResult.NoResult());
    private AiGatewayException? _refusal;
    private bool _differ;

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var credentials = Credentials.Read(Request);
        _differ = credentials.Differ;
        if (credentials.Secret is not { } secret) return NoKey;
        var answer = keys.CheckAsync(secret, Context);
        return answer.IsCompletedSuccessfully ? Task.FromResult(ToResult(answer.Result)) : CheckAsync(answer);
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (_refusal is not null) throw _refusal;
        if (_differ) throw ErrorTable.DifferentCredentials();
        Response.Headers[HeaderNames.WWWAuthenticate] = "Bearer realm=\"AiGateway\"";
        Response.StatusCode = StatusCodes.Status401Unauthorized;
        return Task.CompletedTask;
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        Context.Features.Get<RefusedCaller>() is { } refused ? throw refused.Failure : base.HandleForbiddenAsync(properties);

    private async Task<AuthenticateResult> CheckAsync(ValueTask<KeyAnswer> answer) => ToResult(await answer);

    private AuthenticateResult ToResult(KeyAnswer answer)
    {
        if (answer.Caller is { } caller) return CallerIdentity.Success(caller, Scheme.Name);
        if (answer.Failure is { Code: ErrorCode.PermissionDenied } refusal) return RefusedCaller.Refuse(Context, refusal, Scheme.Name);
        _refusal = answer.Failure;
        return AuthenticateResult.Fail(KeyAnswer.Invalid);
    }
}
