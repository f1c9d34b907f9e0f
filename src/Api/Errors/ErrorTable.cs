using System.Collections.Frozen;
using AiGateway.Domain;

namespace AiGateway.Api.Errors;

/// <summary>The one table from error codes to HTTP. <c>docs/errors.md</c> explains each row to callers.</summary>
internal static class ErrorTable
{
    private static readonly FrozenDictionary<ErrorCode, ErrorRow> Rows = new Dictionary<ErrorCode, ErrorRow>
    {
        [ErrorCode.InvalidRequest] = new(400, "Invalid request"),
        [ErrorCode.Unauthenticated] = new(401, "Not authenticated"),
        [ErrorCode.PermissionDenied] = new(403, "Permission denied"),
        [ErrorCode.NotFound] = new(404, "Not found"),
        [ErrorCode.MethodNotAllowed] = new(405, "Method not allowed"),
        [ErrorCode.ModelNotFound] = new(404, "Model not found"),
        [ErrorCode.ModelNotPriced] = new(404, "Model not priced"),
        [ErrorCode.Conflict] = new(409, "Conflict"),
        [ErrorCode.RequestTooLarge] = new(413, "Request too large"),
        [ErrorCode.UnsupportedMediaType] = new(415, "Unsupported media type"),
        [ErrorCode.RateLimited] = new(429, "Rate limited"),
        [ErrorCode.QuotaExceeded] = new(429, "Quota exceeded"),
        [ErrorCode.ProviderRejected] = new(400, "Rejected by the provider"),
        [ErrorCode.ProviderRateLimited] = new(429, "Rate limited by the provider"),
        [ErrorCode.ClientClosedRequest] = new(499, "Client closed request"),
        [ErrorCode.InternalError] = new(500, "Internal error"),
        [ErrorCode.ProviderFailed] = new(502, "Provider failed"),
        [ErrorCode.AllProvidersFailed] = new(502, "All providers failed"),
        [ErrorCode.LedgerUnavailable] = new(503, "Ledger unavailable"),
        [ErrorCode.ProviderTimeout] = new(504, "Provider timed out"),
    }.ToFrozenDictionary();

    /// <summary>The row of a code.</summary>
    public static ErrorRow Of(ErrorCode code) => Rows[code];

    /// <summary>The status of a failure: the row's, but a provider's refusal keeps the provider's own.</summary>
    public static int StatusOf(AiGatewayException failure) =>
        failure is ProviderException { Code: ErrorCode.ProviderRejected, ProviderStatus: >= 400 and < 500 and var own }
            ? own
            : Of(failure.Code).Status;

    /// <summary>The failure behind a bare status that the framework set; null when it is no failure of this table.</summary>
    public static AiGatewayException? FromBareStatus(int status) => status switch
    {
        401 => new(ErrorCode.Unauthenticated, "A valid API key or token is needed: Authorization: Bearer <key>, or X-Api-Key."),
        403 => new(ErrorCode.PermissionDenied, "The key or token lacks the scope for this."),
        404 => new(ErrorCode.NotFound, "There is nothing at this address."),
        405 => new(ErrorCode.MethodNotAllowed, "This address does not take this HTTP method."),
        413 => new(ErrorCode.RequestTooLarge, "The request body is too large."),
        415 => new(ErrorCode.UnsupportedMediaType, "The body must be application/json, not compressed."),
        >= 400 and < 500 => new(ErrorCode.InvalidRequest, "The request could not be read."),
        _ => null,
    };
}

/// <summary>One row of the table.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Title">The same words for every failure of the code.</param>
internal sealed record ErrorRow(int Status, string Title);
