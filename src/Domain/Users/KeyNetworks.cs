using System.Net;

namespace AiGateway.Domain;

/// <summary>Networks that a key may be used from.</summary>
public static class KeyNetworks
{
    private const int MappedPrefixLength = 96;

    /// <summary>Reads a network such as <c>10.0.0.0/8</c> or <c>2001:db8::/32</c>, or a single address.</summary>
    /// <param name="text">The text.</param>
    /// <param name="network">The network; an IPv4 network written as IPv6 (<c>::ffff:10.0.0.0/104</c>) is the IPv4 network.</param>
    /// <returns>False when the text is neither.</returns>
    public static bool TryRead(string? text, out IPNetwork network)
    {
        network = default;
        if (IPNetwork.TryParse(text, out var read)) network = Unmapped(read);
        else if (IPAddress.TryParse(text, out var address)) network = Unmapped(new IPNetwork(address, address.GetAddressBytes().Length * 8));
        else return false;
        return true;
    }

    /// <summary>The networks of a stored list; null: all.</summary>
    public static IReadOnlyList<IPNetwork>? Read(string? stored) =>
        WordList.Split(stored)?.Select(each => TryRead(each, out var network) ? network : throw new FormatException($"{each} is not a network.")).ToArray();

    private static IPNetwork Unmapped(IPNetwork network) => network.BaseAddress.IsIPv4MappedToIPv6 && network.PrefixLength >= MappedPrefixLength
        ? new IPNetwork(network.BaseAddress.MapToIPv4(), network.PrefixLength - MappedPrefixLength)
        : network;
}
