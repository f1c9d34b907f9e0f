namespace AiGateway.Domain;

/// <summary>
/// A failure with a code from the closed list. Its message is written for the caller and holds no secret;
/// HTTP is known only to the one table in the Api.
/// </summary>
public class AiGatewayException(ErrorCode code, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>What kind of failure it is.</summary>
    public ErrorCode Code { get; } = code;

    /// <summary>How long the caller should wait before another try; null: not known.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
