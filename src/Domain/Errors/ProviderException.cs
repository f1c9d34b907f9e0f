namespace AiGateway.Domain;

/// <summary>A provider failed, classified. The message never carries the provider's credentials.</summary>
public class ProviderException(ErrorCode code, string provider, string message, Exception? innerException = null)
    : AiGatewayException(code, message, innerException)
{
    /// <summary>The provider's name in usage records.</summary>
    public string Provider { get; } = provider;

    /// <summary>The provider's HTTP status; null when no answer came.</summary>
    public int? ProviderStatus { get; init; }

    /// <summary>
    /// The provider's own words where the message is the gateway's; they may quote the request. Null: none, or withheld.
    /// </summary>
    public string? ProviderWords { get; init; }

    /// <summary>The provider's own <c>innererror</c> as JSON, such as the verdict of Azure's content filter.</summary>
    public string? ProviderInnerError { get; init; }

    /// <summary>The provider's own error type, when the fault is the caller's.</summary>
    public string? ProviderErrorType { get; init; }

    /// <summary>The provider's own error code, when the fault is the caller's.</summary>
    public string? ProviderErrorCode { get; init; }

    /// <summary>The provider's own id of the request, as its error names it; null: none.</summary>
    public string? ProviderRequestId { get; init; }

    /// <summary>The request field that the provider blames.</summary>
    public string? ProviderErrorParam { get; init; }

    /// <summary>
    /// The outcome of the call. <see cref="AttemptOutcome.Unknown"/> means that the provider may still bill it.
    /// </summary>
    public AttemptOutcome Outcome { get; init; } = AttemptOutcome.Refused;

    /// <summary>Whether another provider may succeed: not when the request itself was rejected.</summary>
    public bool WorthAnotherProvider => Code is not (ErrorCode.ProviderRejected or ErrorCode.ContextLengthExceeded);
}

/// <summary>The provider did not answer in time.</summary>
public sealed class ProviderTimeoutException(string provider, TimeSpan timeout, Exception? innerException = null)
    : ProviderException(
        ErrorCode.ProviderTimeout, provider, $"The provider {provider} did not answer within {timeout.TotalMilliseconds:0} ms.", innerException);

/// <summary>Every provider that serves the model was tried and failed.</summary>
public sealed class AllProvidersFailedException(IReadOnlyList<ProviderException> failures)
    : AiGatewayException(
        ErrorCode.AllProvidersFailed,
        $"Every provider failed: {string.Join("; ", failures.Select(failure => $"{failure.Provider}: {failure.Code.ToName()}"))}.",
        failures[^1])
{
    /// <summary>The failure of each, in the order of the attempts; never empty.</summary>
    public IReadOnlyList<ProviderException> Failures { get; } = failures;
}
