using System.Net;
using AiGateway.Application;
using AiGateway.Application.Routing;
using AiGateway.Infrastructure.Configuration.SignIn;
using AiGateway.Infrastructure.Ledger;
using AiGateway.Infrastructure.Persistence;
using AiGateway.Infrastructure.Providers;
using AiGateway.Infrastructure.Telemetry;
using Microsoft.Extensions.Configuration;

namespace AiGateway.Infrastructure.Configuration;

/// <summary>The checked configuration at start. Only the providers and routes may change later.</summary>
public sealed record GatewaySettings
{
    /// <summary>Defaults of the use cases.</summary>
    public required GatewayDefaults Defaults { get; init; }

    /// <summary>Time-outs and retries of a provider without its own.</summary>
    public required ProviderSettings Provider { get; init; }

    /// <summary>How often the providers are checked.</summary>
    public required ProviderCheckSettings ProviderChecks { get; init; }

    /// <summary>The providers and routes at start.</summary>
    public required ProviderSetup Providers { get; init; }

    /// <summary>The database of the ledger.</summary>
    public required DatabaseSettings Database { get; init; }

    /// <summary>The settings of the ledger.</summary>
    public required LedgerSettings Ledger { get; init; }

    /// <summary>How long requests under way may take when the gateway is asked to stop.</summary>
    public required TimeSpan DrainTimeout { get; init; }

    /// <summary>The order of providers.</summary>
    public required RoutingPolicy Routing { get; init; }

    /// <summary>How often a caller may ask.</summary>
    public required RateLimitSettings RateLimit { get; init; }

    /// <summary>Bounds of what requests use of this process.</summary>
    public required RequestLimitSettings RequestLimits { get; init; }

    /// <summary>Reverse proxies whose report of the client address is trusted.</summary>
    public required IReadOnlyList<IPNetwork> TrustedProxies { get; init; }

    /// <summary>How callers authenticate.</summary>
    public required AuthenticationSettings Authentication { get; init; }

    /// <summary>Which front ends may call.</summary>
    public required CorsSettings Cors { get; init; }

    /// <summary>The operators' console.</summary>
    public required ConsoleSettings Console { get; init; }

    /// <summary>Whether the API's documents are served.</summary>
    public required DocsSettings Docs { get; init; }

    /// <summary>Where telemetry goes.</summary>
    public required TelemetrySettings Telemetry { get; init; }

    /// <summary>Whether replies have the headers of their cost.</summary>
    public required ReplyHeaderSettings ReplyHeaders { get; init; }

    /// <summary>The first administrator's key; null: a key is created. Never logged.</summary>
    public string? BootstrapKey { get; init; }

    /// <summary>The operator's price file, already checked; null: none.</summary>
    public string? PricesFile { get; init; }

    /// <summary>Warnings for the operator, logged at start; never a secret.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Reads and checks the settings of <see cref="KnownSettings"/>.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="isDevelopment">Whether settings for Development are allowed.</param>
    /// <param name="sourceFaults">What is wrong with the sources of settings; reported with the other faults.</param>
    /// <exception cref="ConfigurationFaultsException">One or more settings are invalid; all are named.</exception>
    public static GatewaySettings Read(IConfiguration configuration, bool isDevelopment, IReadOnlyList<ConfigurationFault>? sourceFaults = null) =>
        GatewaySettingsReader.Read(new SettingReader(configuration, isDevelopment, sourceFaults));

    /// <summary>Reads the database settings alone; null when they are faulty.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="isDevelopment">Whether settings for Development are allowed.</param>
    public static DatabaseSettings? ReadDatabase(IConfiguration configuration, bool isDevelopment)
    {
        var reader = new SettingReader(configuration, isDevelopment);
        var database = DatabaseSettingsReader.Read(reader);
        return reader.Faults.Count == 0 ? database : null;
    }

    /// <summary>Omits the members, which contain secrets.</summary>
    public override string ToString() => nameof(GatewaySettings);
}

/// <summary>How often a caller may ask.</summary>
/// <param name="PerMinute">Requests per minute; null: unlimited.</param>
public sealed record RateLimitSettings(int? PerMinute);

/// <summary>Bounds of what the requests of one user, and of all users, use of one gateway process.</summary>
/// <param name="MaxBodyBytes">Largest body, after decompression; bytes.</param>
/// <param name="BodyTimeout">Time in which a whole body must arrive.</param>
/// <param name="BodyBytesInFlight">Most bytes of all bodies in progress; at least one largest body.</param>
/// <param name="Concurrent">Most requests of one user at once.</param>
public sealed record RequestLimitSettings(long MaxBodyBytes, TimeSpan BodyTimeout, long BodyBytesInFlight, int Concurrent)
{
    private const int Share = 4;

    /// <summary>Most bytes of one user's bodies in progress: a quarter of all, but at least one largest body.</summary>
    public long BodyBytesOfAUser => Math.Max(MaxBodyBytes, BodyBytesInFlight / Share);
}

/// <summary>Which front ends may call from a browser.</summary>
/// <param name="Origins">The origins; a single <c>*</c> stands for all, in Development only.</param>
public sealed record CorsSettings(IReadOnlyList<string> Origins);

/// <summary>Whether the API's documents are served.</summary>
/// <param name="Enabled">Whether Swagger UI and the OpenAPI document are.</param>
public sealed record DocsSettings(bool Enabled);

/// <summary>The headers of plain replies that name cost, provider and attempts.</summary>
/// <param name="Enabled">Whether replies have them.</param>
public sealed record ReplyHeaderSettings(bool Enabled);
