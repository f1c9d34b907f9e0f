using System.Net;

namespace AiGateway.Infrastructure.Providers.Http;

/// <summary>
/// The proxy that the environment names: <c>HTTPS_PROXY</c>, <c>HTTP_PROXY</c> and <c>ALL_PROXY</c>, except for the hosts of
/// <c>NO_PROXY</c> and this machine. The names may be in lower case. Credentials in the address are sent to the proxy alone.
/// </summary>
internal sealed class EnvironmentProxy : IWebProxy, ICredentials
{
    private static readonly char[] Separators = [',', ' ', ';'];

    private readonly Uri? _forHttps;
    private readonly Uri? _forHttp;
    private readonly string[] _exceptions;

    private EnvironmentProxy(Uri? forHttps, Uri? forHttp, string? exceptions)
    {
        (_forHttps, _forHttp) = (forHttps, forHttp);
        _exceptions = exceptions?.Split(Separators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
    }

    /// <summary>Itself: it knows the credentials of each proxy. Another value is ignored.</summary>
    public ICredentials? Credentials
    {
        get => this;
        set { }
    }

    /// <summary>The proxy; null when the environment names none.</summary>
    /// <param name="read">Reads a variable of the environment.</param>
    /// <exception cref="FormatException">A variable is not the address of a proxy.</exception>
    public static EnvironmentProxy? From(Func<string, string?> read)
    {
        var all = AddressIn("ALL_PROXY", read);
        var (forHttps, forHttp) = (AddressIn("HTTPS_PROXY", read) ?? all, AddressIn("HTTP_PROXY", read) ?? all);
        return forHttps is null && forHttp is null ? null : new EnvironmentProxy(forHttps, forHttp, Find("NO_PROXY", read));
    }

    public Uri? GetProxy(Uri destination) => ProxyFor(destination) is { } proxy ? WithoutCredentials(proxy) : null;

    public bool IsBypassed(Uri host) => ProxyFor(host) is null || host.IsLoopback || Array.Exists(_exceptions, exception => Covers(exception, host));

    public NetworkCredential? GetCredential(Uri uri, string authType)
    {
        foreach (var proxy in (ReadOnlySpan<Uri?>)[_forHttps, _forHttp])
        {
            if (proxy is not { UserInfo.Length: > 0 } || WithoutCredentials(proxy) != uri) continue;
            var parts = proxy.UserInfo.Split(':', 2);
            return new NetworkCredential(Uri.UnescapeDataString(parts[0]), parts.Length == 2 ? Uri.UnescapeDataString(parts[1]) : "");
        }

        return null;
    }

    /// <summary>Says nothing of the addresses, which may hold a secret.</summary>
    public override string ToString() => nameof(EnvironmentProxy);

    private Uri? ProxyFor(Uri destination) => destination.Scheme == Uri.UriSchemeHttps ? _forHttps : _forHttp;

    private static Uri WithoutCredentials(Uri proxy) => new UriBuilder(proxy) { UserName = "", Password = "" }.Uri;

    // A host covers its subdomains, with or without a dot before it.
    private static bool Covers(string exception, Uri host)
    {
        if (exception == "*") return true;
        var name = host.Host.Trim('[', ']');
        if (IPAddress.TryParse(name, out var address) && IPNetwork.TryParse(exception, out var network)) return network.Contains(address);
        var colon = exception.LastIndexOf(':');
        if (colon > 0 && exception.IndexOf(':') == colon)
        {
            if (exception[(colon + 1)..] != $"{host.Port}") return false;
            exception = exception[..colon];
        }

        var domain = exception.TrimStart('*').TrimStart('.');
        return domain.Length > 0
            && (name.Equals(domain, StringComparison.OrdinalIgnoreCase) || name.EndsWith($".{domain}", StringComparison.OrdinalIgnoreCase));
    }

    private static Uri? AddressIn(string name, Func<string, string?> read)
    {
        if (Find(name, read) is not { } text) return null;
        var address = text.Contains("://", StringComparison.Ordinal) ? text : $"http://{text}";
        return Uri.TryCreate(address, UriKind.Absolute, out var proxy) && proxy.Scheme is "http" or "https" or "socks4" or "socks4a" or "socks5"
            ? proxy
            : throw new FormatException($"{name} is not the address of a proxy. Use the form http://host:port.");
    }

    private static string? Find(string name, Func<string, string?> read)
    {
        var text = read(name) is { Length: > 0 } upper ? upper : read(name.ToLowerInvariant());
        return string.IsNullOrWhiteSpace(text) ? null : text.Trim();
    }
}
