using AiGateway.Application.OpenAiWire;
using AiGateway.Domain;

namespace AiGateway.Infrastructure.Providers.OpenAi;

/// <summary>
/// The one table of provider failures: the error for the caller, whether to retry, and whether the circuit breaker counts
/// it.
/// </summary>
internal sealed class OpenAiFailure(string provider)
{
    private const string RefusesKey = "rejects the gateway's key";

    /// <summary>An answer with a status other than success.</summary>
    public ProviderFailure FromStatus(int status, OpenAiError error, TimeSpan? retryAfter) => status switch
    {
        401 => new(Failed(status, RefusesKey), MayRetry: false, CountsAsDown: true) { CountsAlone = true },
        403 => new(Failed(status, RefusesKey), MayRetry: false, CountsAsDown: error.NamesTheGatewaysSetup),
        404 => new(Rejected(status, error), MayRetry: false, CountsAsDown: error.NamesTheGatewaysSetup),
        408 => new(TimedOut(status, retryAfter), MayRetry: true, CountsAsDown: true),
        429 when IsExhausted(error) => new(RateLimited("has no quota left for the gateway's account", null), MayRetry: false, CountsAsDown: true)
        {
            CountsAlone = true,
            IsAccountExhausted = true,
        },
        429 when error.NamesTheRequestsSize => new(RateLimited("accepts no more requests for now", retryAfter), MayRetry: true, CountsAsDown: false),
        429 => new(RateLimited("accepts no more requests for now", retryAfter), MayRetry: true, CountsAsDown: true) { CountsAlone = true },
        >= 400 and < 500 => new(Rejected(status, error), MayRetry: false, CountsAsDown: false),
        >= 500 => new(Failed(status, $"failed with status {status}", retryAfter), MayRetry: true, CountsAsDown: true),
        _ => new(Failed(status, $"answered with the unexpected status {status}"), MayRetry: false, CountsAsDown: true),
    };

    /// <summary>No answer came, so the call may be repeated. The attempt knows whether it was sent.</summary>
    public ProviderFailure NoAnswer(Exception cause) =>
        new(Failed(null, WhyNoAnswer(cause), null, cause, AttemptOutcome.NotSent), MayRetry: true, CountsAsDown: true)
        {
            CountsAlone = IsNotConnected(cause),
        };

    /// <summary>The answer broke off. The call is not repeated, because it may have been billed.</summary>
    public ProviderFailure BrokenOff(int status, Exception? cause = null) =>
        new(Failed(status, "broke off its reply", null, cause, AttemptOutcome.Unknown), MayRetry: false, CountsAsDown: true);

    /// <summary>The gateway does not understand the answer; none of it is shown.</summary>
    public ProviderFailure Malformed(int status) => new(Failed(status, "gave a malformed reply", outcome: AttemptOutcome.Unknown), MayRetry: false, CountsAsDown: true);

    /// <summary>The answer exceeds the gateway's limit.</summary>
    public ProviderFailure TooLarge(int status) => new(Failed(status, "gave a reply that is too large", outcome: AttemptOutcome.Unknown), MayRetry: false, CountsAsDown: true);

    /// <summary>The provider reported a failure after it had begun to answer with status 200.</summary>
    public ProviderFailure WithinStream(int status) => new(Failed(status, "reported an error within its stream"), MayRetry: false, CountsAsDown: true);

    /// <summary>Whether an exception is about the connection, rather than a fault in the code.</summary>
    public static bool IsOfTheConnection(Exception exception) =>
        exception is HttpRequestException or IOException or OperationCanceledException;

    // No request causes these. A closed connection without an answer may be caused by the request.
    private static bool IsNotConnected(Exception cause) => (cause as HttpRequestException)?.HttpRequestError
        is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError
            or HttpRequestError.ProxyTunnelError;

    private static bool IsExhausted(OpenAiError error) => error.Type is "insufficient_quota" || error.Code is "insufficient_quota";

    private static string WhyNoAnswer(Exception cause) => (cause as HttpRequestException)?.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => "has a host name that cannot be resolved",
        HttpRequestError.ConnectionError => "cannot be reached",
        HttpRequestError.SecureConnectionError => "failed the TLS handshake",
        HttpRequestError.UserAuthenticationError => "cannot be called: the gateway's credential for it is unavailable",
        _ => "closed the connection without an answer",
    };

    private ProviderException Failed(
        int? status, string does, TimeSpan? retryAfter = null, Exception? cause = null, AttemptOutcome outcome = AttemptOutcome.Refused) =>
        new(ErrorCode.ProviderFailed, provider, $"The provider {provider} {does}.", cause)
        {
            ProviderStatus = status,
            RetryAfter = retryAfter,
            Outcome = outcome,
        };

    private ProviderException TimedOut(int status, TimeSpan? retryAfter) =>
        new(ErrorCode.ProviderTimeout, provider, $"The provider {provider} reported that the request timed out.") { ProviderStatus = status, RetryAfter = retryAfter };

    private ProviderException RateLimited(string does, TimeSpan? retryAfter) =>
        new(ErrorCode.ProviderRateLimited, provider, $"The provider {provider} {does}.") { ProviderStatus = 429, RetryAfter = retryAfter };

    // The request is at fault, so the provider's own words help.
    private ProviderException Rejected(int status, OpenAiError error) =>
        new(ErrorCode.ProviderRejected, provider, error.Message ?? $"The provider {provider} refused the request with status {status}.")
        {
            ProviderStatus = status,
            ProviderErrorType = error.Type,
            ProviderErrorCode = error.Code,
            ProviderErrorParam = error.Param,
        };
}
