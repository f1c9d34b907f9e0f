using System.Net;
using System.Net.Sockets;
using AiGateway.Domain;
using AiGateway.Infrastructure.Providers.Http;

namespace AiGateway.Infrastructure.Alerts.Sending;

/// <summary>
/// The HTTP client of webhooks. It connects to no forbidden address, whatever a name leads to at that moment, follows no
/// redirect, uses no proxy, and reads no body of an answer.
/// </summary>
internal static class WebhookHttp
{
    /// <summary>The failure of a connection to a forbidden address. It is one of the socket, so the next address is tried.</summary>
    public const SocketError Forbidden = SocketError.AccessDenied;

    private const int MaxHeaderKiB = 16;

    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(1);

    private static readonly AddressRace Race = new(Dns.GetHostAddressesAsync, ConnectAsync, TimeProvider.System);

    public static HttpMessageInvoker Create() => new(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        ConnectCallback = static async (context, cancellationToken) => await Race.ConnectAsync(context.DnsEndPoint, cancellationToken),
        PooledConnectionLifetime = ConnectionLifetime,
        MaxResponseHeadersLength = MaxHeaderKiB,

        // What a receiver answers besides its status is of no use.
        ResponseDrainTimeout = TimeSpan.Zero,
        MaxResponseDrainSize = 0,
        ActivityHeadersPropagator = null,
    });

    private static Task<Stream> ConnectAsync(IPEndPoint target, CancellationToken cancellationToken) => WebhookAddress.IsAllowed(target.Address)
        ? AddressRace.ConnectSocketAsync(target, cancellationToken)
        : throw new SocketException((int)Forbidden);
}
