namespace AiGateway.Infrastructure.Providers.Exchange;

/// <summary>The HTTP status that an error within a reply stands for, where its body names none.</summary>
internal static class ErrorStatuses
{
    /// <summary>The status of the error's code, else of its type, else 500.</summary>
    public static int Of(ProviderErrorBody error) => Of(error.Code) ?? Of(error.Type) ?? 500;

    private static int? Of(string? name) => name?.ToLowerInvariant() switch
    {
        "context_length_exceeded" or "invalid_request_error" or "invalid_prompt" or "content_filter" or "invalid_argument"
            or "string_above_max_length" or "unsupported_parameter" or "content_policy_violation" => 400,
        "invalid_api_key" or "authentication_error" or "unauthenticated" => 401,
        "billing_error" => 402,
        "permission_error" or "permission_denied" => 403,
        "model_not_found" or "not_found_error" or "not_found" => 404,
        "conflict_error" => 409,
        "request_too_large" => 413,
        "rate_limit_exceeded" or "rate_limit_error" or "rate_limited" or "resource_exhausted" or "too_many_requests" or "insufficient_quota" => 429,
        "overloaded_error" or "unavailable" or "server_is_overloaded" or "slow_down" => 503,
        "timeout" or "timeout_error" or "deadline_exceeded" => 504,
        _ => null,
    };
}
