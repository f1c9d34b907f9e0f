using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace AiGateway.Api.Auth;

/// <summary>The address that a request comes from.</summary>
internal static class ClientAddress
{
    private const int BytesOfANetwork = 8;

    /// <summary>The client's address: the connection's, or the one that a trusted proxy reports.</summary>
    public static IPAddress Of(HttpContext context)
    {
        var address = context.Connection.RemoteIpAddress ?? IPAddress.None;
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }

    /// <summary>Whether the client's address is in one of these networks.</summary>
    public static bool IsWithin(HttpContext context, IReadOnlyList<IPNetwork> networks)
    {
        var address = Of(context);
        for (var i = 0; i < networks.Count; i++)
        {
            if (networks[i].Contains(address)) return true;
        }

        return false;
    }

    /// <summary>
    /// The key under which an address is counted: an IPv4 address, or the 64-bit network of an IPv6 address, because one
    /// client has the whole network.
    /// </summary>
    public static IPAddress OwnerOf(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return address;
        var bytes = address.GetAddressBytes();
        Array.Clear(bytes, BytesOfANetwork, bytes.Length - BytesOfANetwork);
        return new IPAddress(bytes);
    }

    /// <summary>Accepts <c>X-Forwarded-For</c> from these proxies only.</summary>
    public static ForwardedHeadersOptions TakenFrom(IReadOnlyList<IPNetwork> proxies)
    {
        // The header is read from its end, up to the first address that is not a trusted proxy.
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor, ForwardLimit = null };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var each in proxies) options.KnownIPNetworks.Add(each);
        return options;
    }
}
