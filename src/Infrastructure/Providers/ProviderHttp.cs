namespace AiGateway.Infrastructure.Providers;

/// <summary>The HTTP client of one provider. It has no time-outs and retries of its own, because the pipeline has them.</summary>
internal static class ProviderHttp
{
    // Long enough to amortize a TLS handshake, short enough to follow a change of the provider's addresses.
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(3);

    /// <summary>Not an <see cref="HttpClient"/>: the pipeline already does what it would add.</summary>
    public static HttpMessageInvoker Create() => new(new SocketsHttpHandler
    {
        PooledConnectionLifetime = ConnectionLifetime,
        UseCookies = false,
        UseProxy = false,
        AllowAutoRedirect = false,

        // An expired reply closes its connection at once: otherwise the provider would go on writing and billing.
        ResponseDrainTimeout = TimeSpan.Zero,
        MaxResponseDrainSize = 0,

        // The caller's trace and baggage are not sent to the provider.
        ActivityHeadersPropagator = null,
    });
}
