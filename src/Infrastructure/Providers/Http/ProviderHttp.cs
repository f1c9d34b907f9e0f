using System.Net;

namespace AiGateway.Infrastructure.Providers.Http;

/// <summary>The HTTP client of one provider. It has no time-outs and retries of its own, because the pipeline has them.</summary>
internal static class ProviderHttp
{
    // Long enough to amortize a TLS handshake, short enough to follow a change of the provider's addresses.
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(3);

    /// <summary>Not an <see cref="HttpClient"/>: the pipeline already does what it would add.</summary>
    /// <param name="proxy">The proxy; null: none.</param>
    /// <param name="maxConnections">Most connections at once; null: no bound.</param>
    public static HttpMessageInvoker Create(IWebProxy? proxy, int? maxConnections = null) => new(new SocketsHttpHandler
    {
        MaxConnectionsPerServer = maxConnections ?? int.MaxValue,
        Proxy = proxy,
        UseProxy = proxy is not null,
        ConnectCallback = static async (context, cancellationToken) => await AddressRace.OfSockets.ConnectAsync(context.DnsEndPoint, cancellationToken),
        PooledConnectionLifetime = ConnectionLifetime,
        UseCookies = false,
        AllowAutoRedirect = false,

        // An expired reply closes its connection at once: otherwise the provider would go on writing and billing.
        ResponseDrainTimeout = TimeSpan.Zero,
        MaxResponseDrainSize = 0,

        // Attempts have spans of the gateway's own, and no provider gets a trace unless its account says so.
        ActivityHeadersPropagator = null,
    });
}
