using System.Net;

namespace AiGateway.Api.Auth.Sessions;

/// <summary>The address at which a browser sees the console, and the cookie of a session there.</summary>
/// <param name="publicUrl">The configured address; null: that of each request.</param>
internal sealed class ConsoleAddress(Uri? publicUrl)
{
    /// <summary>The path of the console.</summary>
    public static readonly PathString Path = "/console";

    private static readonly PathString Api = "/api/v1";

    /// <summary>
    /// Null: a key or a cookie would cross a network in plain text, so there are no sessions. The browser's own machine is
    /// told by the host in its address bar: the address of a connection may be that of a proxy or of a container network.
    /// </summary>
    public ConsoleOrigin? Of(HttpRequest request)
    {
        if (publicUrl is not null) return new(publicUrl.GetLeftPart(UriPartial.Authority), IsSecure: true);
        return request.IsHttps || IsLoopback(request.Host.Host) ? new($"{request.Scheme}://{request.Host.Value}", request.IsHttps) : null;
    }

    /// <summary>Whether a request carries a session and is of a kind that sessions authenticate.</summary>
    public bool HasSession(HttpRequest request) =>
        (request.Path.StartsWithSegments(Api) || request.Path.StartsWithSegments(Path))
        && Of(request) is { } origin && request.Cookies.ContainsKey(origin.CookieName);

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}

/// <summary>The origin of the console in a browser.</summary>
/// <param name="Value">Such as <c>https://ai.example.com</c>.</param>
/// <param name="IsSecure">Whether it is https.</param>
internal readonly record struct ConsoleOrigin(string Value, bool IsSecure)
{
    /// <summary>The name of the cookie. Browsers accept the prefix only from https, for one host, and for all paths.</summary>
    public string CookieName => IsSecure ? "__Host-aigw" : "aigw";
}
