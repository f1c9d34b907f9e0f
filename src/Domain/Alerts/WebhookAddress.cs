using System.Net;
using System.Net.Sockets;

namespace AiGateway.Domain;

/// <summary>
/// Where webhooks may be sent. Private networks are allowed, since receivers are often inside. Link-local addresses and the
/// metadata services of clouds are not: they give away credentials of the machine.
/// </summary>
public static class WebhookAddress
{
    private static readonly IPNetwork[] Forbidden =
    [
        // "This network", link-local, multicast, broadcast.
        IPNetwork.Parse("0.0.0.0/8"), IPNetwork.Parse("169.254.0.0/16"), IPNetwork.Parse("224.0.0.0/4"), IPNetwork.Parse("255.255.255.255/32"),

        // Metadata services outside the link-local network: Alibaba, Azure, Oracle.
        IPNetwork.Parse("100.100.100.200/32"), IPNetwork.Parse("168.63.129.16/32"), IPNetwork.Parse("192.0.0.192/32"),

        // Unspecified, link-local, multicast; metadata of AWS and Google.
        IPNetwork.Parse("::/128"), IPNetwork.Parse("fe80::/10"), IPNetwork.Parse("ff00::/8"),
        IPNetwork.Parse("fd00:ec2::254/128"), IPNetwork.Parse("fd20:ce::254/128"),
    ];

    // The IPv6 networks whose addresses hold an IPv4 address, and the byte at which it begins.
    private static readonly (IPNetwork Network, int At)[] Embedding =
    [
        (IPNetwork.Parse("::/96"), 12), (IPNetwork.Parse("64:ff9b::/96"), 12), (IPNetwork.Parse("64:ff9b:1::/48"), 12),
        (IPNetwork.Parse("2002::/16"), 2),
    ];

    /// <summary>Whether a webhook may be sent to this address.</summary>
    public static bool IsAllowed(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) return IsAllowed(address.MapToIPv4());

        // A zone, as in fe80::1%eth0, is not part of the comparison.
        if (address.AddressFamily == AddressFamily.InterNetworkV6) address = new IPAddress(address.GetAddressBytes());
        if (Array.Exists(Forbidden, network => network.Contains(address))) return false;
        if (IPAddress.IPv6Loopback.Equals(address)) return true;
        foreach (var (network, at) in Embedding)
        {
            if (network.Contains(address) && !IsAllowed(new IPAddress(address.GetAddressBytes().AsSpan(at, 4)))) return false;
        }

        return true;
    }

    /// <summary>What is wrong with the address of a webhook; null: nothing. A name is checked again when it is connected to.</summary>
    public static string? FaultOf(string url)
    {
        if (url.Length > Webhook.MaxUrlLength) return $"must be at most {Webhook.MaxUrlLength} characters";
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https") || address.Host.Length == 0)
            return "must be an absolute address that begins with https:// or http://";
        if (address.UserInfo.Length > 0) return "must not hold a user name or a password";
        if (address.Fragment.Length > 0) return "must not hold a fragment";
        return IPAddress.TryParse(address.Host.Trim('[', ']'), out var literal) && !IsAllowed(literal)
            ? "must not be a link-local address or the address of a cloud's metadata service"
            : null;
    }
}
