namespace AiGateway.Api.Errors;

/// <summary>The form in which a failure is told.</summary>
internal enum ErrorFormat
{
    /// <summary>Problem details (RFC 9457): the native API.</summary>
    Problem,

    /// <summary>OpenAI's <c>{"error":{...}}</c>.</summary>
    OpenAi,
}

/// <summary>The error format of an endpoint. Without it an endpoint uses problem details.</summary>
/// <param name="format">The format.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
internal sealed class ErrorFormatAttribute(ErrorFormat format) : Attribute
{
    /// <summary>Paths below this are those of the OpenAI-compatible API. Only a path without an endpoint is judged by it.</summary>
    private static readonly PathString OpenAiPaths = "/v1";

    public ErrorFormat Format => format;

    /// <summary>The format of a request's endpoint.</summary>
    public static ErrorFormat Of(HttpContext context)
    {
        var metadata = context.GetEndpoint()?.Metadata;
        if (metadata?.GetMetadata<ErrorFormatAttribute>() is { } stated) return stated.Format;

        // A wrong path or method has no action of ours, but its client still reads one format only.
        return context.Request.Path.StartsWithSegments(OpenAiPaths) ? ErrorFormat.OpenAi : ErrorFormat.Problem;
    }
}
