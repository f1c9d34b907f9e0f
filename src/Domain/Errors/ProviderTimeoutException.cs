namespace AiGateway.Domain;

/// <summary>The provider did not answer in time.</summary>
public sealed class ProviderTimeoutException(string provider, TimeSpan timeout, Exception? innerException = null)
    : ProviderException(
        ErrorCode.ProviderTimeout, provider, $"The provider {provider} did not answer within {timeout.TotalMilliseconds:0} ms.", innerException);
