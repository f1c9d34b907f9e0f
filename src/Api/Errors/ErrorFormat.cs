namespace AiGateway.Api.Errors;

/// <summary>The form in which a failure is told.</summary>
internal enum ErrorFormat
{
    /// <summary>Problem details (RFC 9457): the native API.</summary>
    Problem,

    /// <summary>OpenAI's <c>{"error":{...}}</c>.</summary>
    OpenAi,

    /// <summary>Anthropic's <c>{"type":"error","error":{...}}</c>.</summary>
    Anthropic,

    /// <summary>Google's <c>{"error":{"code","message","status"}}</c>.</summary>
    Google,
}

/// <summary>The error format of an endpoint. Without it an endpoint uses problem details.</summary>
/// <param name="format">The format.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
internal sealed class ErrorFormatAttribute(ErrorFormat format) : Attribute
{
    public ErrorFormat Format => format;

    /// <summary>The format of a request's endpoint.</summary>
    public static ErrorFormat Of(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<ErrorFormatAttribute>() is { } stated ? stated.Format : OfPath(context);

    // A wrong path or method has no action of ours, but its client still reads one format only.
    private static ErrorFormat OfPath(HttpContext context)
    {
        var path = context.Request.Path;
        if (path.StartsWithSegments("/v1beta") || IsGoogleCall(path)) return ErrorFormat.Google;
        if (path.StartsWithSegments("/v1/messages")) return ErrorFormat.Anthropic;
        if (path.StartsWithSegments("/v1") && context.Request.Headers.ContainsKey("anthropic-version")) return ErrorFormat.Anthropic;
        return path.StartsWithSegments("/v1") || path.StartsWithSegments("/openai") ? ErrorFormat.OpenAi : ErrorFormat.Problem;
    }

    // Such as /v1/models/gemini-2.5-flash:generateContent.
    private static bool IsGoogleCall(PathString path) =>
        path.StartsWithSegments("/v1/models", out var model)
        && model.Value!.LastIndexOf(':') is >= 0 and var colon
        && model.Value.AsSpan(colon + 1) is "generateContent" or "streamGenerateContent" or "countTokens" or "embedContent" or "batchEmbedContents";
}
