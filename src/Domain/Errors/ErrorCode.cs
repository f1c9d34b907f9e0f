using System.Collections.Frozen;
using System.Text.Json;

namespace AiGateway.Domain;

/// <summary>Everything that can go wrong, as a closed list. <c>docs/errors.md</c> tells callers what each means.</summary>
public enum ErrorCode
{
    /// <summary>The request is malformed or out of bounds.</summary>
    InvalidRequest,

    /// <summary>No valid key or token was given.</summary>
    Unauthenticated,

    /// <summary>The caller lacks the scope.</summary>
    PermissionDenied,

    /// <summary>The addressed object does not exist.</summary>
    NotFound,

    /// <summary>The stored response to continue from does not exist, or belongs to another user.</summary>
    PreviousResponseNotFound,

    /// <summary>The address exists, but not for this HTTP method.</summary>
    MethodNotAllowed,

    /// <summary>The address does not speak the protocol that the client asked to change to.</summary>
    UpgradeRequired,

    /// <summary>The body's media type or encoding is not supported.</summary>
    UnsupportedMediaType,

    /// <summary>The model is retired, or the named provider does not serve it.</summary>
    ModelNotFound,

    /// <summary>The price book has no price for the model.</summary>
    ModelNotPriced,

    /// <summary>The key, or a scope above it, does not allow the model.</summary>
    ModelNotAllowed,

    /// <summary>The prompt holds more tokens than the model's context window.</summary>
    ContextLengthExceeded,

    /// <summary>The request conflicts with existing data.</summary>
    Conflict,

    /// <summary>The body did not arrive in time.</summary>
    RequestTimeout,

    /// <summary>The body is too large.</summary>
    RequestTooLarge,

    /// <summary>Too many requests in this minute or at once, too many bytes at once, or too many failed authentications.</summary>
    RateLimited,

    /// <summary>A quota or budget is used up.</summary>
    QuotaExceeded,

    /// <summary>The provider rejected the request as invalid.</summary>
    ProviderRejected,

    /// <summary>The provider accepts no more requests for now.</summary>
    ProviderRateLimited,

    /// <summary>The provider did not answer in time.</summary>
    ProviderTimeout,

    /// <summary>The provider failed, or rejected the gateway's credentials.</summary>
    ProviderFailed,

    /// <summary>Every provider that serves the model failed.</summary>
    AllProvidersFailed,

    /// <summary>The usage ledger is unavailable, so nothing is sent to a provider.</summary>
    LedgerUnavailable,

    /// <summary>The gateway has no memory left for the request.</summary>
    GatewayBusy,

    /// <summary>The caller closed the connection before the reply was complete.</summary>
    ClientClosedRequest,

    /// <summary>A fault of the gateway.</summary>
    InternalError,
}

/// <summary>The names of error codes on the wire and in usage records: snake case.</summary>
public static class ErrorCodeNames
{
    private static readonly FrozenDictionary<ErrorCode, string> Names =
        Enum.GetValues<ErrorCode>().ToFrozenDictionary(code => code, code => JsonNamingPolicy.SnakeCaseLower.ConvertName(code.ToString()));

    /// <summary>Such as <c>quota_exceeded</c>.</summary>
    public static string ToName(this ErrorCode code) => Names[code];
}
