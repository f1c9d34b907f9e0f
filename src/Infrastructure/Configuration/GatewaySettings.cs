using System.Net;
using AiGateway.Application;
using AiGateway.Application.Generation;
using AiGateway.Infrastructure.Ledger;
using AiGateway.Infrastructure.Persistence;
using AiGateway.Infrastructure.Providers;
using AiGateway.Infrastructure.Providers.OpenAi;
using Microsoft.Extensions.Configuration;

namespace AiGateway.Infrastructure.Configuration;

/// <summary>Everything the operator configured, checked: the start depends on it, and it never changes afterwards.</summary>
public sealed record GatewaySettings
{
    /// <summary>What the use cases follow.</summary>
    public required GatewayDefaults Defaults { get; init; }

    /// <summary>How hard to try one provider.</summary>
    public required ProviderSettings Provider { get; init; }

    /// <summary>OpenAI or a compatible service; null: not configured.</summary>
    public OpenAiSettings? OpenAi { get; init; }

    /// <summary>Azure OpenAI; null: not configured.</summary>
    public AzureOpenAiSettings? AzureOpenAi { get; init; }

    /// <summary>Whether the offline echo provider answers: in Development, when no provider has a key.</summary>
    public required bool Echo { get; init; }

    /// <summary>Where the books are kept.</summary>
    public required DatabaseSettings Database { get; init; }

    /// <summary>How the books are written.</summary>
    public required LedgerSettings Ledger { get; init; }

    /// <summary>In which order providers are tried.</summary>
    public required RoutingPolicy Routing { get; init; }

    /// <summary>How often a caller may ask.</summary>
    public required RateLimitSettings RateLimit { get; init; }

    /// <summary>What the requests of one user, and of all, may take of this process.</summary>
    public required RequestLimitSettings RequestLimits { get; init; }

    /// <summary>Reverse proxies whose word on the client's address counts.</summary>
    public required IReadOnlyList<IPNetwork> TrustedProxies { get; init; }

    /// <summary>How callers prove who they are.</summary>
    public required AuthenticationSettings Authentication { get; init; }

    /// <summary>Which front ends may call.</summary>
    public required CorsSettings Cors { get; init; }

    /// <summary>Whether the API's documents are served.</summary>
    public required DocsSettings Docs { get; init; }

    /// <summary>The first administrator's key; null: one is made. Never logged.</summary>
    public string? BootstrapKey { get; init; }

    /// <summary>The operator's price file, found to be without fault; null: none.</summary>
    public string? PricesFile { get; init; }

    /// <summary>What the operator should know, to be logged at start; never a secret.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Reads and checks the settings of <see cref="KnownSettings"/>.</summary>
    /// <param name="configuration">Where they are given.</param>
    /// <param name="isDevelopment">Whether what is allowed while developing alone is allowed.</param>
    /// <exception cref="ConfigurationFaultsException">One or more are wrong; all of them are named.</exception>
    public static GatewaySettings Read(IConfiguration configuration, bool isDevelopment) =>
        GatewaySettingsReader.Read(new SettingReader(configuration, isDevelopment));

    /// <summary>Says nothing of the members, which hold secrets.</summary>
    public override string ToString() => nameof(GatewaySettings);
}

/// <summary>How often a caller may ask.</summary>
/// <param name="PerMinute">Requests a minute.</param>
public sealed record RateLimitSettings(int PerMinute);

/// <summary>What the requests of one user, and of all, may take of one gateway process.</summary>
/// <param name="MaxBodyBytes">Largest body, after decompression; bytes.</param>
/// <param name="BodyTimeout">Time in which a whole body must arrive.</param>
/// <param name="BodyBytesInFlight">Bytes of all bodies under way; at least one largest body.</param>
/// <param name="Concurrent">Requests of one user that are served at once.</param>
public sealed record RequestLimitSettings(long MaxBodyBytes, TimeSpan BodyTimeout, long BodyBytesInFlight, int Concurrent)
{
    private const int Share = 4;

    /// <summary>Bytes of one user's bodies under way: a quarter of all, at least one largest body.</summary>
    public long BodyBytesOfAUser => Math.Max(MaxBodyBytes, BodyBytesInFlight / Share);
}

/// <summary>Which front ends may call from a browser.</summary>
/// <param name="Origins">Their origins; a single <c>*</c> stands for all, in Development only.</param>
public sealed record CorsSettings(IReadOnlyList<string> Origins);

/// <summary>Whether the API's documents are served.</summary>
/// <param name="Enabled">Whether Swagger UI and the OpenAPI document are.</param>
public sealed record DocsSettings(bool Enabled);
