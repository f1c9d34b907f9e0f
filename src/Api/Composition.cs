using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using AiGateway.Api.ApiKeyRequests;
using AiGateway.Api.Auth;
using AiGateway.Api.Auth.Sessions;
using AiGateway.Api.Cli;
using AiGateway.Api.Contracts;
using AiGateway.Api.Errors;
using AiGateway.Api.Http;
using AiGateway.Api.OpenAi;
using AiGateway.Api.OpenApi;
using AiGateway.Api.RateLimiting;
using AiGateway.Api.RequestLimits;
using AiGateway.Application;
using AiGateway.Application.Generation;
using AiGateway.Infrastructure;
using AiGateway.Infrastructure.Configuration;
using AiGateway.Infrastructure.Configuration.Providers;
using AiGateway.Infrastructure.Persistence.Startup;
using FluentValidation;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;

namespace AiGateway.Api;

/// <summary>Composes the application: the only place that names Infrastructure.</summary>
internal static partial class Composition
{
    private const int MaxJsonDepth = 32;

    /// <returns>Warnings for the operator.</returns>
    public static IReadOnlyList<string> AddGateway(this WebApplicationBuilder builder, GatewaySettings settings)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;

            // Every byte is a character of Latin-1. With the default, UTF-8, a request with another byte gets an empty 400.
            kestrel.RequestHeaderEncodingSelector = static _ => Encoding.Latin1;
            kestrel.Limits.MaxRequestBodySize = settings.RequestLimits.MaxBodyBytes;
        });

        // A request continues on the thread that read it, instead of moving to another one at each step.
        builder.WebHost.UseSockets(sockets => sockets.UnsafePreferInlineScheduling = true);

        builder.Services.AddDrain(settings.DrainTimeout);
        builder.Services.AddSingleton(TimeProvider.System);
        var prices = builder.Services.AddPricing(settings.PricesFile);
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        string?[] priceWarnings = [DefaultModelCheck.Check(settings.Defaults, settings.Providers, prices, today), PriceAgeCheck.Check(prices, today)];
        if (PricedModelsCheck.Check(settings.Providers, prices) is { Count: > 0 } faults) throw new ConfigurationFaultsException(faults);
        builder.Services.AddPersistence(settings.Database, settings.Authentication.Jwt?.Users);
        builder.Services.AddPriceKeeping();
        builder.Services.AddLedger(settings.Ledger);
        builder.Services.AddAlerts();
        builder.Services.AddProviders(settings.Providers).AddProviderReload(settings.Provider).AddProviderChecks(settings.ProviderChecks);
        builder.Services.AddValidatorsFromAssemblyContaining<Generate>(ServiceLifetime.Singleton, includeInternalTypes: true);
        builder.Services.AddApplication(settings.Defaults, settings.Routing);
        builder.Services.AddTelemetry(settings.Telemetry, builder.Configuration);
        builder.Services.AddApi(builder.Configuration, settings);
        return [.. settings.Warnings, .. priceWarnings.OfType<string>()];
    }

    /// <summary>The middleware of every request, outermost first.</summary>
    public static void UseGateway(this WebApplication app, GatewaySettings settings)
    {
        app.UseMiddleware<RequestIdentityMiddleware>();
        app.UseMiddleware<HttpMetricsMiddleware>();
        if (settings.Telemetry.ExportsOtlp) app.UseMiddleware<TraceMiddleware>(settings.Telemetry.CallerTrace);
        app.UseMiddleware<SecurityHeadersMiddleware>();
        if (settings.TrustedProxies.Count > 0) app.UseForwardedHeaders(ClientAddress.TakenFrom(settings.TrustedProxies));
        app.UseMiddleware<ErrorMiddleware>();
        if (settings.Docs.Enabled) app.MapApiDocs();
        if (settings.Console.Enabled) app.UseConsoleFiles();
        app.UseMiddleware<PathMiddleware>();
        app.UseRouting();

        // A branch: only a browser sends this header, and nothing is told to the others.
        app.UseWhen(
            static context => context.Request.Headers.Origin.Count > 0,
            browser => browser.UseMiddleware<PreflightMiddleware>().UseCors());
        app.UseMiddleware<ApiKeyMiddleware>(BuildAdmitted(app));
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseRateLimiter();
        app.UseAdmitted();
        app.MapIndex(settings.Console.Enabled, settings.Docs.Enabled);
        if (settings.Console.Enabled) SessionEndpoints.Map(app);
        if (settings.Console is { Enabled: true, Oidc: not null }) app.MapOidc();
        RequiredScopes.AddTo(app.MapControllers().RequireAuthorization(), app.Services.GetRequiredService<IAuthorizationPolicyProvider>());
    }

    public static async Task PrepareDatabaseAsync(this WebApplication app, GatewaySettings settings)
    {
        var firstStart = await app.Services.StartDatabaseAsync(
            settings.BootstrapKey, app.Environment.IsDevelopment(), app.Lifetime.ApplicationStopping);
        if (firstStart is not null) FirstStartNotice.PrintOnceListening(app, firstStart);
    }

    public static void LogWarnings(this WebApplication app, IReadOnlyList<string> warnings)
    {
        foreach (var warning in warnings) Log.Warning(app.Logger, warning);
    }

    /// <summary>The middleware of a request that is authenticated, authorized and within its rate.</summary>
    private static IApplicationBuilder UseAdmitted(this IApplicationBuilder app) => app
        .UseMiddleware<OpenAiHeadersMiddleware>()
        .UseMiddleware<RequestBoundsMiddleware>();

    private static RequestDelegate BuildAdmitted(IApplicationBuilder app)
    {
        var branch = app.New().UseAdmitted();
        branch.Run(static context => context.GetEndpoint()!.RequestDelegate!(context));
        return branch.Build();
    }

    private static void AddApi(this IServiceCollection services, ConfigurationManager configuration, GatewaySettings settings)
    {
        services.AddSingleton<ErrorWriter>().AddSingleton(new CostHeaders(settings.ReplyHeaders.Enabled));

        // The framework's own Data Protection is not used; sessions of the console have one of their own. Without this line it
        // would write key files.
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        services.AddAutoMapper(
            mapping =>
            {
                mapping.LicenseKey = configuration["AutoMapper:LicenseKey"];
                mapping.AddProfile<ContractProfile>();
            });
        services.Configure<RouteOptions>(routes => routes.ConstraintMap.Add(ScopeKindConstraint.Name, typeof(ScopeKindConstraint)));
        services.AddControllers(mvc =>
            {
                mvc.SuppressImplicitRequiredAttributeForNonNullableReferenceTypes = true;

                // Removes MVC's only filter (unsupported media type); BindingFaults reports that case.
                mvc.Filters.Clear();
            })
            .ConfigureApiBehaviorOptions(api =>
            {
                api.SuppressMapClientErrors = true;
                api.InvalidModelStateResponseFactory = context => throw BindingFaults.From(context.ModelState);
            })
            .AddJsonOptions(options => BeStrict(options.JsonSerializerOptions));
        services.ConfigureHttpJsonOptions(options => BeStrict(options.SerializerOptions));
        services.AddGatewayAuthentication(settings.Authentication, settings.Console);
        services.AddRateLimiting(settings.RateLimit);
        services.AddRequestBounds(settings.RequestLimits);
        services.AddCors(cors => cors.AddDefaultPolicy(policy => policy
            .WithOrigins([.. settings.Cors.Origins])
            .AllowAnyHeader()
            .AllowAnyMethod()
            .WithExposedHeaders(ExposedHeaders.Names)));
        services.AddApiDocs();
    }

    // The gateway does not guess unknown members.
    private static void BeStrict(JsonSerializerOptions json)
    {
        json.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        json.AllowDuplicateProperties = false;
        json.PropertyNameCaseInsensitive = false;
        json.NumberHandling = JsonNumberHandling.Strict;
        json.MaxDepth = MaxJsonDepth;
        json.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false));

        // The replies are JSON for programs and never part of HTML, so text beyond ASCII needs no escapes.
        json.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "{Warning}")]
        public static partial void Warning(ILogger logger, string warning);
    }
}
