using System.Globalization;
using Microsoft.AspNetCore.Http.Metadata;

namespace AiGateway.Api.Http;

/// <summary>What spans and metrics tell of an HTTP request, in the words of the conventions.</summary>
internal static class HttpFacts
{
    private const int ServerErrors = 5;

    // The name of the conventions for a method that nobody knows.
    private const string OtherMethod = "_OTHER";

    public static string MethodOf(HttpContext context) => context.Request.Method is "GET" or "HEAD" or "POST" or "PUT" or "PATCH" or "DELETE" or "OPTIONS"
        ? context.Request.Method
        : OtherMethod;

    public static string ProtocolOf(HttpContext context) => context.Request.Protocol switch
    {
        "HTTP/1.1" => "1.1",
        "HTTP/2" => "2",
        "HTTP/3" => "3",
        var other => other.Split('/')[^1],
    };

    /// <summary>The address of the endpoint; null: none. The address of the request would be a name for each id in it.</summary>
    public static string? RouteOf(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<IRouteDiagnosticsMetadata>()?.Route;

    /// <summary>The status of a failure of the gateway or of a provider; null: it is none.</summary>
    public static string? ErrorOf(HttpContext context) => context.Response.StatusCode is var status && status / 100 == ServerErrors
        ? status.ToString(CultureInfo.InvariantCulture)
        : null;
}
