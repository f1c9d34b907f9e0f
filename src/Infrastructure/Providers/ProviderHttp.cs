namespace AiGateway.Infrastructure.Providers;

/// <summary>The way to one provider over HTTP. Time-outs and retries are the pipeline's affair, so that it has none.</summary>
internal static class ProviderHttp
{
    // Long enough to be worth a TLS handshake, short enough to follow a change of the provider's addresses.
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(3);

    /// <summary>No <see cref="HttpClient"/>: what that adds to a call is what the pipeline does.</summary>
    public static HttpMessageInvoker Create() => new(new SocketsHttpHandler
    {
        PooledConnectionLifetime = ConnectionLifetime,
        UseCookies = false,
        UseProxy = false,
        AllowAutoRedirect = false,

        // An expired reply closes its connection at once: reading on would let the provider write, and bill, on.
        ResponseDrainTimeout = TimeSpan.Zero,
        MaxResponseDrainSize = 0,

        // The caller's trace and baggage are no business of the provider's.
        ActivityHeadersPropagator = null,
    });
}
