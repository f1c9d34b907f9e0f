using System.Collections.Frozen;
using AiGateway.Domain;

namespace AiGateway.Api.Errors;

/// <summary>The one table from error codes to HTTP. <c>docs/errors.md</c> explains each row to callers.</summary>
internal static class ErrorTable
{
    private static readonly FrozenDictionary<ErrorCode, ErrorRow> Rows = new Dictionary<ErrorCode, ErrorRow>
    {
        [ErrorCode.InvalidRequest] = new(400, "Invalid request", "invalid_request_error", null),
        [ErrorCode.Unauthenticated] = new(401, "Not authenticated", "invalid_request_error", "invalid_api_key"),
        [ErrorCode.PermissionDenied] = new(403, "Permission denied", "invalid_request_error", "permission_denied"),
        [ErrorCode.NotFound] = new(404, "Not found", "invalid_request_error", "not_found"),
        [ErrorCode.PreviousResponseNotFound] = new(400, "Previous response not found", "invalid_request_error", "previous_response_not_found"),
        [ErrorCode.MethodNotAllowed] = new(405, "Method not allowed", "invalid_request_error", "method_not_allowed"),
        [ErrorCode.ModelNotFound] = new(404, "Model not found", "invalid_request_error", "model_not_found"),
        [ErrorCode.ModelNotPriced] = new(404, "Model not priced", "invalid_request_error", "model_not_found"),
        [ErrorCode.ModelNotAllowed] = new(403, "Model not allowed", "invalid_request_error", "model_not_found"),
        [ErrorCode.ContextLengthExceeded] = new(400, "Context length exceeded", "invalid_request_error", "context_length_exceeded"),
        [ErrorCode.RequestTimeout] = new(408, "Request timed out", "invalid_request_error", "request_timeout"),
        [ErrorCode.Conflict] = new(409, "Conflict", "invalid_request_error", "conflict"),
        [ErrorCode.RequestTooLarge] = new(413, "Request too large", "invalid_request_error", "request_too_large"),
        [ErrorCode.UpgradeRequired] = new(426, "Upgrade required", "invalid_request_error", "upgrade_required"),
        [ErrorCode.UnsupportedMediaType] = new(415, "Unsupported media type", "invalid_request_error", "unsupported_media_type"),
        [ErrorCode.RateLimited] = new(429, "Rate limited", "requests", "rate_limit_exceeded"),
        [ErrorCode.QuotaExceeded] = new(429, "Quota exceeded", "insufficient_quota", "insufficient_quota"),
        [ErrorCode.ProviderRejected] = new(400, "Rejected by the provider", "invalid_request_error", null),
        [ErrorCode.ProviderRateLimited] = new(429, "Rate limited by the provider", "requests", "rate_limit_exceeded"),
        [ErrorCode.ClientClosedRequest] = new(499, "Client closed request", "invalid_request_error", "client_closed_request"),
        [ErrorCode.InternalError] = new(500, "Internal error", "server_error", "internal_error"),
        [ErrorCode.ProviderFailed] = new(502, "Provider failed", "server_error", "provider_failed"),
        [ErrorCode.AllProvidersFailed] = new(502, "All providers failed", "server_error", "all_providers_failed"),
        [ErrorCode.GatewayBusy] = new(503, "Gateway busy", "server_error", "gateway_busy"),
        [ErrorCode.LedgerUnavailable] = new(503, "Ledger unavailable", "server_error", "ledger_unavailable"),
        [ErrorCode.ProviderTimeout] = new(504, "Provider timed out", "server_error", "provider_timeout"),
    }.ToFrozenDictionary();

    /// <summary>The row of a code.</summary>
    public static ErrorRow Of(ErrorCode code) => Rows[code];

    /// <summary>
    /// The status of a failure: the status of its row, except that a provider's refusal keeps the provider's own.
    /// </summary>
    public static int StatusOf(AiGatewayException failure) =>
        failure is ProviderException { Code: ErrorCode.ProviderRejected, ProviderStatus: >= 400 and < 500 and var own }
            ? own
            : Of(failure.Code).Status;

    /// <summary>No valid key or token.</summary>
    public static AiGatewayException Unauthenticated() => FromBareStatus(Of(ErrorCode.Unauthenticated).Status)!;

    /// <summary>Several keys or tokens at once, so the caller is not known.</summary>
    public static AiGatewayException DifferentCredentials() => new(
        ErrorCode.Unauthenticated, "The request carries different credentials in Authorization, X-Api-Key and api-key. Send one key or token, or the same one in each.");

    /// <summary>A body that is not JSON, or has an unsupported compression.</summary>
    public static AiGatewayException UnsupportedMediaType() => FromBareStatus(Of(ErrorCode.UnsupportedMediaType).Status)!;

    /// <summary>The failure for a status without a body that the framework set; null when the table has none.</summary>
    public static AiGatewayException? FromBareStatus(int status) => status switch
    {
        401 => new(ErrorCode.Unauthenticated, "A valid API key or token is required: Authorization: Bearer <key>, X-Api-Key or api-key."),
        403 => new(ErrorCode.PermissionDenied, "The API key or token lacks the scope that this endpoint requires."),
        404 => new(ErrorCode.NotFound, "There is no endpoint at this address. Check the path."),
        405 => new(ErrorCode.MethodNotAllowed, "This endpoint does not support this HTTP method."),
        408 => new(ErrorCode.RequestTimeout, "The request body did not arrive in time. Send the request again, with less or over a faster connection."),
        413 => new(ErrorCode.RequestTooLarge, "The request body is too large."),
        415 => new(ErrorCode.UnsupportedMediaType, "The body must be application/json, plain or compressed once with gzip, br, zstd or deflate."),
        >= 400 and < 500 => new(ErrorCode.InvalidRequest, "The request could not be read."),
        _ => null,
    };
}

/// <summary>One row of the table.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Title">The same words for every failure of the code.</param>
/// <param name="OpenAiType">The <c>type</c> in OpenAI's envelope.</param>
/// <param name="OpenAiCode">The <c>code</c> in OpenAI's envelope.</param>
internal sealed record ErrorRow(int Status, string Title, string OpenAiType, string? OpenAiCode);
