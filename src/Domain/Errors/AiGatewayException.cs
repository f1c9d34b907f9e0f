namespace AiGateway.Domain;

/// <summary>
/// A failure with a code from the closed list. Its message is written for the caller and holds no secret;
/// HTTP is known only to the one table in the Api.
/// </summary>
public class AiGatewayException(ErrorCode code, string message, Exception? innerException = null)
    : Exception(Cut(message, MaxMessageLength), innerException)
{
    /// <summary>Most characters of a message; a longer message is cut.</summary>
    public const int MaxMessageLength = 2000;

    /// <summary>The kind of failure.</summary>
    public ErrorCode Code { get; } = code;

    /// <summary>How long the caller should wait before another try; null: not known.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The text, cut to this length; a cut text ends with an ellipsis.</summary>
    protected static string Cut(string text, int length)
    {
        return text.Length <= length ? text : $"{StorableText.Prefix(text, length - 1)}…";
    }
}
