using System.Globalization;
using System.Text;
using System.Text.Json;
using AiGateway.Application.OpenAiWire;
using AiGateway.Domain;

namespace AiGateway.Infrastructure.Providers.Exchange;

/// <summary>The provider's error message, cut to a length and without the gateway's key.</summary>
/// <param name="Message">The words.</param>
/// <param name="Type">The class of the error.</param>
/// <param name="Code">The code; a number as its digits.</param>
/// <param name="Param">The request's member that the provider blames.</param>
internal sealed record ProviderErrorBody(string? Message, string? Type, string? Code, string? Param)
{
    /// <summary>An error without words.</summary>
    public static readonly ProviderErrorBody Nothing = new(null, null, null, null);

    private const int MaxMessageLength = 2_000;
    private const int MaxNameLength = 200;
    private const int MaxDetailLength = 16 * 1024;
    private const int MaxDepth = 4;
    private const string Redacted = "[redacted]";

    /// <summary>The HTTP status that the body names, 400 to 599; null: none.</summary>
    public int? Status { get; private init; }

    /// <summary>The wait that the body asks for (Google's <c>RetryInfo</c>), such as <c>34.4s</c>; null: none.</summary>
    public string? RetryDelay { get; private init; }

    /// <summary>The provider's own id of the request; null: none.</summary>
    public string? RequestId { get; private init; }

    /// <summary>Azure's <c>innererror</c>, the content filter's verdict, as JSON; null: none.</summary>
    public string? InnerError { get; private init; }

    /// <summary>
    /// Reads an error in any known shape: <c>{"error":{...}}</c>, <c>{"error":"..."}</c>, an array of these, the bare object,
    /// <c>detail</c>, <c>errors</c>, an object as the message, and plain text. HTML yields no words.
    /// </summary>
    /// <param name="body">The body.</param>
    /// <param name="apiKey">The gateway's key, which is removed from every text.</param>
    public static ProviderErrorBody From(ReadOnlyMemory<byte> body, string apiKey)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return From(json.RootElement, apiKey);
        }
        catch (JsonException)
        {
            return FromText(body.Span, apiKey);
        }
        catch (InvalidOperationException)
        {
            // Text with half a surrogate pair, or that is not UTF-8.
            return Nothing;
        }
    }

    /// <summary>Reads an error from JSON.</summary>
    /// <param name="root">The error, or what holds it.</param>
    /// <param name="apiKey">The gateway's key, which is removed from every text.</param>
    /// <exception cref="InvalidOperationException">A text is not valid.</exception>
    public static ProviderErrorBody From(JsonElement root, string apiKey)
    {
        if (root.ValueKind == JsonValueKind.Array) root = root.EnumerateArray().FirstOrDefault();
        var error = FindIn(root) ?? root;
        var code = CodeOf(error) ?? CodeOf(root);
        return new ProviderErrorBody(
            Clean(WordsOf(error, MaxDepth), apiKey, MaxMessageLength),
            Clean(TypeOf(error), apiKey, MaxNameLength),
            Clean(code, apiKey, MaxNameLength),
            Clean(error.FindText("param"u8), apiKey, MaxNameLength))
        {
            Status = StatusIn(code) ?? StatusIn(error) ?? StatusIn(root),
            RetryDelay = RetryDelayIn(error),
            RequestId = Clean(root.FindText("request_id"u8), apiKey, MaxNameLength),
            InnerError = InnerErrorIn(error, apiKey),
        };
    }

    /// <summary>The error of a reply with status 200; null when the body is no error.</summary>
    /// <param name="body">The body.</param>
    /// <param name="apiKey">The gateway's key, which is removed from every text.</param>
    public static ProviderErrorBody? InReply(ReadOnlyMemory<byte> body, string apiKey)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var root = json.RootElement.ValueKind == JsonValueKind.Array ? json.RootElement.EnumerateArray().FirstOrDefault() : json.RootElement;
            if (root.ValueKind != JsonValueKind.Object) return null;
            if (FindIn(root) is null && !(IsFlat(root) && WordsOf(root, MaxDepth) is not null)) return null;
            return From(root, apiKey);
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static bool IsFlat(JsonElement root) =>
        root.Find("choices"u8) is null && root.Find("output"u8) is null && root.Find("data"u8) is null && root.Find("id"u8) is null;

    private static ProviderErrorBody FromText(ReadOnlySpan<byte> body, string apiKey)
    {
        // Cut-off JSON and HTML are no words.
        var text = body.Trim(" \t\r\n"u8);
        if (text.IsEmpty || text[0] is (byte)'<' or (byte)'{' or (byte)'[' or (byte)'"' || !System.Text.Unicode.Utf8.IsValid(text)) return Nothing;
        var words = Encoding.UTF8.GetString(text);
        return words.Any(character => char.IsControl(character) && !char.IsWhiteSpace(character))
            ? Nothing
            : Nothing with { Message = Clean(words, apiKey, MaxMessageLength) };
    }

    private static JsonElement? FindIn(JsonElement root)
    {
        if (root.Find("error"u8) is { ValueKind: JsonValueKind.Object or JsonValueKind.String } error) return error;
        if (root.Find("errors"u8) is { ValueKind: JsonValueKind.Array } errors && errors.GetArrayLength() > 0) return errors[0];
        if (root.Find("response"u8) is { } response && response.Find("error"u8) is { ValueKind: JsonValueKind.Object } failure) return failure;
        if (root.Find("choices"u8) is not { ValueKind: JsonValueKind.Array } choices) return null;
        foreach (var choice in choices.EnumerateArray())
        {
            if (choice.Find("error"u8).ReportsError()) return choice.Find("error"u8);
        }

        return null;
    }

    // The words may be wrapped in further objects: {"message":{"detail":[{"loc":[...],"msg":"..."}]}}.
    private static string? WordsOf(JsonElement error, int depth)
    {
        if (error.ValueKind == JsonValueKind.String) return error.GetString();
        if (depth == 0) return null;
        if (error.ValueKind == JsonValueKind.Array)
        {
            var all = error.EnumerateArray().Take(8).Select(each => WordsOf(each, depth - 1)).Where(words => !string.IsNullOrWhiteSpace(words));
            return string.Join("; ", all) is { Length: > 0 } joined ? joined : null;
        }

        return FirstWordsOf(error, depth) is not { } said ? null : PlaceOf(error) is { } place ? $"{place}: {said}" : said;
    }

    private static string? FirstWordsOf(JsonElement error, int depth)
    {
        foreach (var name in (ReadOnlySpan<string>)["message", "detail", "msg", "description", "error"])
        {
            if (error.ValueKind == JsonValueKind.Object && error.TryGetProperty(name, out var member) && WordsOf(member, depth - 1) is { } words)
                return words;
        }

        return error.FindText("type"u8) is { } type && error.Find("loc"u8) is not null ? type : null;
    }

    private static string? PlaceOf(JsonElement error) => error.Find("loc"u8) is { ValueKind: JsonValueKind.Array } place
        ? string.Join('.', place.EnumerateArray().Select(each => each.ToString()))
        : null;

    // Google calls it status. The type of an event is no class of errors.
    private static string? TypeOf(JsonElement error) =>
        error.FindText("type"u8) is { } type && type is not ("error" or "response.failed") ? type : error.FindText("status"u8);

    // Some servers give their code as a number. Anthropic's stands in the details.
    private static string? CodeOf(JsonElement error) => error.Find("code"u8) is { ValueKind: JsonValueKind.Number } number
        ? number.GetRawText()
        : error.FindText("code"u8) ?? error.Find("details"u8)?.FindText("error_code"u8);

    private static int? StatusIn(JsonElement error)
    {
        foreach (var name in (ReadOnlySpan<string>)["status", "status_code", "statusCode"])
        {
            if (error.ValueKind == JsonValueKind.Object && error.TryGetProperty(name, out var told) && StatusIn(told.ToString()) is { } status) return status;
        }

        return null;
    }

    private static int? StatusIn(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var status) && status is >= 400 and <= 599 ? status : null;

    private static string? RetryDelayIn(JsonElement error)
    {
        if (error.Find("details"u8) is not { ValueKind: JsonValueKind.Array } details) return null;
        foreach (var detail in details.EnumerateArray())
        {
            if (detail.FindText("retryDelay"u8) is { } delay) return delay;
        }

        return null;
    }

    private static string? InnerErrorIn(JsonElement error, string apiKey)
    {
        if (error.Find("innererror"u8) is not { ValueKind: JsonValueKind.Object } inner) return null;
        var json = inner.GetRawText();

        // JSON may spell the key with escapes, so the values are looked at.
        return json.Length <= MaxDetailLength && !Holds(inner, apiKey) ? json : null;
    }

    private static bool Holds(JsonElement json, string apiKey) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().Any(member => IsKeyIn(member.Name, apiKey) || Holds(member.Value, apiKey)),
        JsonValueKind.Array => json.EnumerateArray().Any(each => Holds(each, apiKey)),
        JsonValueKind.String => IsKeyIn(json.GetString()!, apiKey),
        _ => false,
    };

    private static bool IsKeyIn(string text, string apiKey) => apiKey.Length > 0 && text.Contains(apiKey, StringComparison.OrdinalIgnoreCase);

    private static string? Clean(string? text, string apiKey, int maxLength)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;

        // The key is removed before the cut: a cut key would no longer match.
        var clean = apiKey.Length > 0 ? text.Replace(apiKey, Redacted, StringComparison.OrdinalIgnoreCase) : text;
        return StorableText.Prefix(clean, maxLength);
    }
}
