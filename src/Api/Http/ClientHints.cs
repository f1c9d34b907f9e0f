using System.Globalization;

namespace AiGateway.Api.Http;

/// <summary>What well-known clients say of themselves in headers: their conversation, and how long they wait.</summary>
internal static class ClientHints
{
    private const int MaxKeyLength = 200;
    private const int MaxTimeoutSeconds = 3_600;

    // Coding agents name a session each in their own way.
    private static readonly string[] ConversationHeaders = ["x-session-id", "x-claude-code-session-id", "session_id", "session-id", "x-session-affinity"];

    /// <summary>The client's name of the conversation; null when it names none.</summary>
    public static string? FindConversationKey(IHeaderDictionary headers)
    {
        foreach (var name in ConversationHeaders)
        {
            if (headers.TryGetValue(name, out var values) && values.ToString() is { Length: > 0 and <= MaxKeyLength } key) return key;
        }

        return null;
    }

    /// <summary>How long a client of OpenAI or Anthropic waits, in whole seconds on the wire; null when it does not say.</summary>
    public static TimeSpan? FindTimeout(IHeaderDictionary headers) =>
        headers.TryGetValue("x-stainless-timeout", out var value)
        && int.TryParse(value.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        && seconds is > 0 and <= MaxTimeoutSeconds
            ? TimeSpan.FromSeconds(seconds)
            : null;
}
