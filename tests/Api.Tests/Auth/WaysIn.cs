using System.Text.RegularExpressions;
using AiGateway.Api.Tests.Hosting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AiGateway.Api.Tests.Auth;

/// <summary>
/// Two gateways: one admits requests with known keys in one step, the other sends every request the standard way. Each request goes to both.
/// </summary>
internal sealed partial class WaysIn : IAsyncDisposable
{
    private readonly Counts _inOneStep = new();
    private readonly Counts _standard = new();

    public GatewayHost OneStep { get; private set; } = null!;

    public GatewayHost Standard { get; private set; } = null!;

    /// <summary>Requests that each gateway admitted without ASP.NET Core's authentication.</summary>
    public (int OneStep, int Standard) AdmittedInOneStep => (_inOneStep.Admitted, _standard.Admitted);

    public static async Task<WaysIn> StartAsync(params (string Name, string Value)[] settings)
    {
        var ways = new WaysIn();
        ways.OneStep = await GatewayHost.StartChangedAsync(services => services.AddSingleton<IStartupFilter>(ways._inOneStep), settings);
        ways.Standard = await GatewayHost.StartChangedAsync(
            services => services.AddSingleton<IStartupFilter>(ways._standard).AddSingleton<IAuthorizationPolicyProvider, WithAnotherRequirement>(), settings);
        return ways;
    }

    /// <summary>The status, the headers and the body, without what differs between any two requests.</summary>
    public static string TextOf(Reply reply)
    {
        var headers = reply.Headers.Where(header => header.Key != "date").OrderBy(header => header.Key, StringComparer.Ordinal)
            .Select(header => $"{header.Key}: {Plain(header.Value)}");
        return $"{reply.Status}\n{string.Join('\n', headers)}\n\n{Plain(reply.Text)}";
    }

    public async ValueTask DisposeAsync()
    {
        await OneStep.DisposeAsync();
        await Standard.DisposeAsync();
    }

    private static string Plain(string text) =>
        Numbers().Replace(Secrets().Replace(Hashes().Replace(Ids().Replace(Uses().Replace(text, "<use>"), "<id>"), "<hash>"), "<secret>"), "0");

    // Each gateway notes uses in its own time, after the reply.
    [GeneratedRegex("\"lastUsedAt\":(null|\"[^\"]*\")")]
    private static partial Regex Uses();

    [GeneratedRegex("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")]
    private static partial Regex Ids();

    [GeneratedRegex("[0-9a-f]{64}")]
    private static partial Regex Hashes();

    [GeneratedRegex("agw_[A-Za-z0-9_-]+")]
    private static partial Regex Secrets();

    [GeneratedRegex("[0-9]+(\\.[0-9]+)?")]
    private static partial Regex Numbers();

    /// <summary>Adds a requirement that every caller meets, and that the one step does not know.</summary>
    private sealed class WithAnotherRequirement(IOptions<AuthorizationOptions> options) : DefaultAuthorizationPolicyProvider(options)
    {
        public override async Task<AuthorizationPolicy?> GetPolicyAsync(string policyName) =>
            new AuthorizationPolicyBuilder((await base.GetPolicyAsync(policyName))!).RequireAssertion(_ => true).Build();
    }

    private sealed class Counts : IStartupFilter
    {
        private int _admitted;

        public int Admitted => Volatile.Read(ref _admitted);

        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use(async (context, rest) =>
            {
                await rest(context);
                if (context.User.Identity?.IsAuthenticated == true && context.Features.Get<IAuthenticateResultFeature>() is null)
                    Interlocked.Increment(ref _admitted);
            });
            next(app);
        };
    }
}
