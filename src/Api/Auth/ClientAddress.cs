using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace AiGateway.Api.Auth;

/// <summary>The address that a request comes from.</summary>
internal static class ClientAddress
{
    private const int BytesOfANetwork = 8;

    /// <summary>The client's address: the connection's, or what a trusted proxy says of it.</summary>
    public static IPAddress Of(HttpContext context)
    {
        var address = context.Connection.RemoteIpAddress ?? IPAddress.None;
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }

    /// <summary>Whom an address stands for: itself, or in IPv6 its network of 64 bits, since one client has them all.</summary>
    public static IPAddress OwnerOf(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return address;
        var bytes = address.GetAddressBytes();
        Array.Clear(bytes, BytesOfANetwork, bytes.Length - BytesOfANetwork);
        return new IPAddress(bytes);
    }

    /// <summary>Takes <c>X-Forwarded-For</c> from these proxies, and from nobody else.</summary>
    public static ForwardedHeadersOptions TakenFrom(IReadOnlyList<IPNetwork> proxies)
    {
        // The header is read from its end, up to the first address that is no trusted proxy.
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor, ForwardLimit = null };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var each in proxies) options.KnownIPNetworks.Add(each);
        return options;
    }
}
