using System.Net;

namespace AiGateway.Infrastructure.Configuration;

/// <summary>Reads the bounds of requests and the trusted proxies.</summary>
internal static class RequestLimitSettingsReader
{
    private const long OneKibibyte = 1024;
    private const long OneGibibyte = 1L << 30;
    private const long OneTebibyte = 1L << 40;
    private const int HeapShare = 4;

    public static RequestLimitSettings Read(SettingReader reader)
    {
        var maxBody = reader.Whole(KnownSettings.MaxBodyBytes, OneKibibyte, OneGibibyte);
        var timeout = reader.Milliseconds(KnownSettings.BodyTimeout, 100, 3_600_000);
        var inFlight = reader.IsSet(KnownSettings.BodyBytesInFlight)
            ? reader.Whole(KnownSettings.BodyBytesInFlight, maxBody, OneTebibyte)
            : Math.Max(maxBody, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / HeapShare);
        return new(maxBody, timeout, inFlight, (int)reader.Whole(KnownSettings.ConcurrentRequests, 1, 1_000_000));
    }

    public static IReadOnlyList<IPNetwork> ReadTrustedProxies(SettingReader reader)
    {
        var networks = new List<IPNetwork>();
        foreach (var text in reader.List(KnownSettings.TrustedProxies))
        {
            if (IPNetwork.TryParse(text, out var network)) networks.Add(network);
            else if (IPAddress.TryParse(text, out var address)) networks.Add(new IPNetwork(address, address.GetAddressBytes().Length * 8));
            else reader.Fault(KnownSettings.TrustedProxies, "must be addresses such as 10.1.2.3 or networks such as 10.0.0.0/8, separated by commas");
        }

        return networks;
    }
}
