using System.Text.Json;

namespace AiGateway.Infrastructure.Providers.OpenAi;

/// <summary>The provider's error message, cut to a length and without the gateway's key.</summary>
internal sealed record OpenAiError(string? Message, string? Type, string? Code, string? Param)
{
    private const int MaxMessageLength = 2_000;
    private const int MaxNameLength = 200;
    private const string Redacted = "[redacted]";
    private static readonly OpenAiError Nothing = new(null, null, null, null);

    /// <summary>Whether the message is about the operator's setup rather than about the request.</summary>
    public bool NamesTheGatewaysSetup => Names("key", "account", "model", "deployment");

    /// <summary>Whether the request exceeds the provider's rate limit by its size alone, so waiting does not help.</summary>
    public bool NamesTheRequestsSize => Message?.Contains("request too large", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>
    /// Reads <c>{"error":{...}}</c>, <c>{"error":"..."}</c> or the bare object; anything else yields no message.
    /// </summary>
    public static OpenAiError From(ReadOnlyMemory<byte> body, string apiKey)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var root = json.RootElement;
            var error = root.Find("error"u8) ?? root;
            if (error.ValueKind == JsonValueKind.String) return Nothing with { Message = Clean(error.GetString(), apiKey, MaxMessageLength) };
            return new OpenAiError(
                Clean(error.FindText("message"u8), apiKey, MaxMessageLength),
                Clean(error.FindText("type"u8), apiKey, MaxNameLength),
                Clean(CodeOf(error), apiKey, MaxNameLength),
                Clean(error.FindText("param"u8), apiKey, MaxNameLength));
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            return Nothing;
        }
    }

    private bool Names(params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
        {
            if (Message?.Contains(word, StringComparison.OrdinalIgnoreCase) == true || Code?.Contains(word, StringComparison.OrdinalIgnoreCase) == true)
                return true;
        }

        return false;
    }

    // Some compatible servers give their code as a number.
    private static string? CodeOf(JsonElement error) =>
        error.Find("code"u8) is { ValueKind: JsonValueKind.Number } number ? number.GetRawText() : error.FindText("code"u8);

    private static string? Clean(string? text, string apiKey, int maxLength)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;

        // The key is removed before the cut: a cut key would no longer match.
        var clean = text.Replace(apiKey, Redacted, StringComparison.OrdinalIgnoreCase);
        if (clean.Length <= maxLength) return clean;
        return clean[..(char.IsHighSurrogate(clean[maxLength - 1]) ? maxLength - 1 : maxLength)];
    }
}
