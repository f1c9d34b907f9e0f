using AiGateway.Domain;
using Microsoft.Net.Http.Headers;

namespace AiGateway.Api.Auth.Sessions;

/// <summary>Tells a request of the console from a request that another site made a browser send with the same cookie.</summary>
internal static class SameOrigin
{
    /// <summary>A header that no other site can make a browser send without asking the gateway first.</summary>
    public const string HeaderName = "x-requested-with";

    /// <summary>Its value.</summary>
    public const string HeaderValue = "aigateway-console";

    private const string FetchSite = "Sec-Fetch-Site";

    /// <summary>Whether a request with this method changes something.</summary>
    public static bool IsChange(string method) => !HttpMethods.IsGet(method) && !HttpMethods.IsHead(method) && !HttpMethods.IsOptions(method);

    /// <summary>Why a request that the cookie authenticates is refused; null: it is the console's.</summary>
    public static AiGatewayException? FindFault(HttpRequest request, ConsoleOrigin origin) => request.Headers[HeaderName] == HeaderValue
        ? FindForeign(request, origin)
        : Refused($"A change by a session of the console needs the header {HeaderName}: {HeaderValue}. Nothing was changed. Send the header, or use an API key.");

    /// <summary>Why a request from another site is refused; null: it is from the console's own address, or from no browser.</summary>
    public static AiGatewayException? FindForeign(HttpRequest request, ConsoleOrigin origin)
    {
        var from = request.Headers[HeaderNames.Origin];
        if (from.Count > 0 && !from.ToString().Equals(origin.Value, StringComparison.OrdinalIgnoreCase))
        {
            return Refused($"The request comes from a page at {from}, but the gateway sees the console at {origin.Value}. Nothing was changed. "
                + "Open the console at that address. Behind a proxy, set AI_GATEWAY_PUBLIC_URL to the address that browsers use.");
        }

        return request.Headers[FetchSite].ToString() is "" or "same-origin" or "none"
            ? null
            : Refused("The request comes from a page of another site. Nothing was changed. Use the console itself, or an API key.");
    }

    private static AiGatewayException Refused(string message) => new(ErrorCode.PermissionDenied, message);
}
