using AiGateway.Domain;

namespace AiGateway.Infrastructure.Providers.Exchange;

/// <summary>
/// The one table of provider failures: the error for the caller, whether to retry, and whether the circuit breaker counts
/// it.
/// </summary>
internal sealed class ProviderFailures(string provider, ErrorRules rules)
{
    private const string RefusesKey = "rejects the gateway's key";
    private const string ReportedError = "reported an error within its reply";

    /// <summary>An answer with a status other than success.</summary>
    public ProviderFailure FromStatus(int status, ProviderErrorBody error, TimeSpan? retryAfter) =>
        status == 429 && rules.RateLimitNamesWait && retryAfter is null ? OfTheAccount(status) : Classify(status, error, retryAfter);

    /// <summary>
    /// An error within a reply of status 200. It counts like an answer with the status that it names, and keeps its words
    /// unless they concern the gateway's account.
    /// </summary>
    /// <param name="error">The error.</param>
    /// <param name="retryAfter">The wait that the provider asks for; null: none.</param>
    /// <param name="hasOutput">Whether a part of the reply was generated before, which the provider may bill.</param>
    public ProviderFailure InReply(ProviderErrorBody error, TimeSpan? retryAfter, bool hasOutput)
    {
        var status = error.Status ?? ErrorStatuses.Of(error);
        var failure = Classify(status, error, retryAfter);
        var isWithheld = failure.IsAccountExhausted || status is 401 or 403;
        var told = failure.Exception;
        var does = isWithheld || told.Code != ErrorCode.ProviderFailed ? told.Message : $"The provider {provider} {ReportedError}.";
        return failure with
        {
            MayRetry = failure.MayRetry && !hasOutput,
            Exception = new ProviderException(told.Code, provider, does)
            {
                ProviderStatus = told.ProviderStatus,
                RetryAfter = told.RetryAfter,
                Outcome = hasOutput ? AttemptOutcome.Unknown : AttemptOutcome.Refused,
                ProviderWords = isWithheld || !told.WorthAnotherProvider ? null : error.Message,
                ProviderInnerError = told.ProviderInnerError,
                ProviderErrorType = isWithheld ? null : error.Type,
                ProviderErrorCode = isWithheld ? null : told.ProviderErrorCode ?? error.Code,
                ProviderErrorParam = isWithheld ? null : error.Param,
                ProviderRequestId = isWithheld ? null : error.RequestId,
            },
        };
    }

    /// <summary>No answer came, so the call may be repeated. The attempt knows whether it was sent.</summary>
    public ProviderFailure NoAnswer(Exception cause) =>
        new(Failed(null, WhyNoAnswer(cause), null, cause, AttemptOutcome.NotSent), MayRetry: true, CountsAsDown: true)
        {
            CountsAlone = IsNotConnected(cause),
        };

    /// <summary>The answer broke off. The call is not repeated, because it may have been billed.</summary>
    public ProviderFailure BrokenOff(int status, Exception? cause = null) => cause is InvalidDataException
        ? Malformed(status)
        : new(Failed(status, "broke off its reply", null, cause, AttemptOutcome.Unknown), MayRetry: false, CountsAsDown: true);

    /// <summary>The gateway does not understand the answer; none of it is shown.</summary>
    public ProviderFailure Malformed(int status) => new(Failed(status, "gave a malformed reply", outcome: AttemptOutcome.Unknown), MayRetry: false, CountsAsDown: true);

    /// <summary>The answer exceeds the gateway's limit.</summary>
    public ProviderFailure TooLarge(int status) => new(Failed(status, "gave a reply that is too large", outcome: AttemptOutcome.Unknown), MayRetry: false, CountsAsDown: true);

    /// <summary>Whether an exception is about the connection, rather than a fault in the code.</summary>
    public static bool IsOfTheConnection(Exception exception) =>
        exception is HttpRequestException or IOException or OperationCanceledException or InvalidDataException;

    private ProviderFailure Classify(int status, ProviderErrorBody error, TimeSpan? retryAfter)
    {
        if (status >= 400 && error.AreOfTheAccount(status, asksToWait: retryAfter is not null)) return OfTheAccount(status);
        if (status is >= 400 and not 429 && error.AreOfTheContextLength()) return TooLong(status, error);
        return status switch
        {
            401 => new(Failed(status, RefusesKey), MayRetry: false, CountsAsDown: true) { CountsAlone = true },
            403 => new(Failed(status, RefusesKey), MayRetry: false, CountsAsDown: error.NameTheGatewaysSetup()),
            404 => new(Rejected(status, error), MayRetry: false, CountsAsDown: error.NameTheGatewaysSetup()),
            408 => new(TimedOut(status, retryAfter), MayRetry: true, CountsAsDown: true),
            409 when rules.ConflictPasses => new(Told(Failed(status, "reported a conflict", retryAfter), error), MayRetry: true, CountsAsDown: false),
            429 when error.NameTheRequestsSize() => new(RateLimited(error, retryAfter), MayRetry: true, CountsAsDown: false),
            429 => new(RateLimited(error, retryAfter), MayRetry: true, CountsAsDown: true) { CountsAlone = true },
            >= 400 and < 500 => new(Rejected(status, error), MayRetry: false, CountsAsDown: false),
            >= 500 => new(Told(Failed(status, $"failed with status {status}", retryAfter), error), MayRetry: true, CountsAsDown: true),
            _ => new(Failed(status, $"answered with the unexpected status {status}"), MayRetry: false, CountsAsDown: true),
        };
    }

    // No request causes these. A closed connection without an answer may be caused by the request.
    private static bool IsNotConnected(Exception cause) => (cause as HttpRequestException)?.HttpRequestError
        is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError
            or HttpRequestError.ProxyTunnelError;

    private static string WhyNoAnswer(Exception cause) => (cause as HttpRequestException)?.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => "has a host name that cannot be resolved",
        HttpRequestError.ConnectionError => "cannot be reached",
        HttpRequestError.SecureConnectionError => "failed the TLS handshake",
        HttpRequestError.ProxyTunnelError => "cannot be reached through the proxy",
        HttpRequestError.UserAuthenticationError => "cannot be called: the gateway's credential for it is unavailable",
        _ => "closed the connection without an answer",
    };

    // The caller must not learn of the operator's bills, and cannot pay them.
    private ProviderFailure OfTheAccount(int status) =>
        new(Failed(status, "refuses to serve the gateway's account. The operator must check the account there"), MayRetry: false, CountsAsDown: true)
        {
            CountsAlone = status is 401 or 402 or 429,
            IsAccountExhausted = true,
        };

    private ProviderFailure TooLong(int status, ProviderErrorBody error)
    {
        var message = error.Message ?? $"The prompt is longer than the model at the provider {provider} accepts. Shorten it.";
        return new(
            new(ErrorCode.ContextLengthExceeded, provider, message)
            {
                ProviderStatus = status,
                ProviderErrorType = error.Type,
                ProviderErrorCode = "context_length_exceeded",
                ProviderErrorParam = error.Param,
                ProviderRequestId = error.RequestId,
            },
            MayRetry: false,
            CountsAsDown: false);
    }

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

    private ProviderException RateLimited(ProviderErrorBody error, TimeSpan? retryAfter) => Told(
        new(ErrorCode.ProviderRateLimited, provider, $"The provider {provider} accepts no more requests for now.") { ProviderStatus = 429, RetryAfter = retryAfter },
        error);

    // A copy, because the members are fixed when it is made.
    private ProviderException Told(ProviderException failure, ProviderErrorBody error) => !rules.TellsWords ? failure : new(failure.Code, provider, failure.Message)
    {
        ProviderStatus = failure.ProviderStatus,
        RetryAfter = failure.RetryAfter,
        Outcome = failure.Outcome,
        ProviderWords = error.Message,
        ProviderErrorType = error.Type,
        ProviderErrorCode = error.Code,
        ProviderRequestId = error.RequestId,
    };

    // The request is at fault, so the provider's own words help.
    private ProviderException Rejected(int status, ProviderErrorBody error) =>
        new(ErrorCode.ProviderRejected, provider, error.Message ?? $"The provider {provider} refused the request with status {status}.")
        {
            ProviderStatus = status,
            ProviderErrorType = error.Type,
            ProviderErrorCode = error.Code,
            ProviderErrorParam = error.Param,
            ProviderInnerError = error.InnerError,
            ProviderRequestId = error.RequestId,
        };
}
