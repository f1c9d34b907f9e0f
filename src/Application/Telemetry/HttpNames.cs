namespace AiGateway.Application.Telemetry;

/// <summary>The names of OpenTelemetry's stable semantic conventions for HTTP. No other file spells them out.</summary>
public static class HttpNames
{
    /// <summary>The duration of requests to the gateway.</summary>
    public const string Duration = "http.server.request.duration";

    /// <summary>The method of a request, such as <c>POST</c>.</summary>
    public const string Method = "http.request.method";

    /// <summary>The status of a reply.</summary>
    public const string Status = "http.response.status_code";

    /// <summary>The address of an endpoint, with names in place of its variable parts.</summary>
    public const string Route = "http.route";

    /// <summary><c>http</c> or <c>https</c>.</summary>
    public const string Scheme = "url.scheme";

    /// <summary>The path of a request to the gateway.</summary>
    public const string Path = "url.path";

    /// <summary>The address of a call to a provider, without its query.</summary>
    public const string Url = "url.full";

    /// <summary>The host that was called.</summary>
    public const string ServerAddress = "server.address";

    /// <summary>The port that was called.</summary>
    public const string ServerPort = "server.port";

    /// <summary>The version of HTTP, such as <c>1.1</c>.</summary>
    public const string Protocol = "network.protocol.version";

    /// <summary>What a caller says that it is.</summary>
    public const string UserAgent = "user_agent.original";

    /// <summary>A status that is an error, or the kind of a failure without an answer.</summary>
    public const string ErrorType = "error.type";
}
