using AiGateway.Domain;

namespace AiGateway.Api.Errors;

/// <summary>Failures in the form of other vendors' APIs, for clients that were pointed here by mistake.</summary>
internal static class ForeignErrors
{
    /// <summary>As Anthropic's SDKs read it.</summary>
    public static object ToAnthropic(AiGatewayException failure, string requestId) => new
    {
        type = "error",
        error = new { type = AnthropicTypeOf(ErrorTable.StatusOf(failure)), message = failure.Message },
        request_id = requestId,
    };

    /// <summary>As Google's SDKs read it.</summary>
    public static object ToGoogle(AiGatewayException failure)
    {
        var status = ErrorTable.StatusOf(failure);
        return new { error = new { code = status, message = failure.Message, status = GoogleStatusOf(status) } };
    }

    private static string AnthropicTypeOf(int status) => status switch
    {
        401 => "authentication_error",
        403 => "permission_error",
        404 => "not_found_error",
        413 => "request_too_large",
        429 => "rate_limit_error",
        < 500 => "invalid_request_error",
        _ => "api_error",
    };

    private static string GoogleStatusOf(int status) => status switch
    {
        401 => "UNAUTHENTICATED",
        403 => "PERMISSION_DENIED",
        404 => "NOT_FOUND",
        429 => "RESOURCE_EXHAUSTED",
        < 500 => "INVALID_ARGUMENT",
        _ => "INTERNAL",
    };
}
