using System.Text.Json;
using System.Text.Unicode;
using AiGateway.Api.Errors;
using AiGateway.Api.RequestLimits;
using AiGateway.Domain;
using Microsoft.AspNetCore.Http.Features;

namespace AiGateway.Api.Wires;

/// <summary>Reads a request body of a provider-compatible API: one strict JSON object.</summary>
internal static class WireBody
{
    private const string Root = "";

    /// <summary>Most values and names of a body. Each costs memory beside the text, however short it is.</summary>
    private const int MaxValues = 1_000_000;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 64, AllowDuplicateProperties = false };

    /// <summary>The body that the middleware has read.</summary>
    public static ReadOnlyMemory<byte> Of(HttpContext context)
    {
        if (!context.Request.HasJsonContentType()) throw ErrorTable.UnsupportedMediaType();
        return context.Features.GetRequiredFeature<AdmittedRequest>().Body;
    }

    /// <exception cref="InvalidRequestException">The body is not a JSON object, or contains a member twice.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> body)
    {
        if (!Utf8.IsValid(body.Span)) throw new InvalidRequestException(Root, "The body is not valid UTF-8.");
        if (MayHoldTooMany(body.Span)) RequireFewEnough(body.Span);
        if (body.Span.IndexOf("\\u"u8) >= 0) RequireWholeCharacters(body.Span);
        try
        {
            var json = JsonDocument.Parse(body, Strict);
            if (json.RootElement.ValueKind == JsonValueKind.Object) return json;
            json.Dispose();
            throw new InvalidRequestException(Root, "The body must be a JSON object.");
        }
        catch (JsonException malformed)
        {
            throw Malformed(malformed);
        }
    }

    // Every value and name follows one of these characters. Inside strings they only raise the count.
    private static bool MayHoldTooMany(ReadOnlySpan<byte> body) => body.Length > MaxValues
        && body.Count((byte)',') + body.Count((byte)':') + body.Count((byte)'[') + body.Count((byte)'{') > MaxValues;

    private static void RequireFewEnough(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = Strict.MaxDepth });
        var values = 0;
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is not (JsonTokenType.EndArray or JsonTokenType.EndObject) && ++values > MaxValues)
                    throw new InvalidRequestException(Root, $"The body holds more than {MaxValues} values. Send less.");
            }
        }
        catch (JsonException malformed)
        {
            throw Malformed(malformed);
        }
    }

    // Escapes can encode half a surrogate pair. This is valid JSON but not valid text, and reading it would fail later.
    private static void RequireWholeCharacters(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = Strict.MaxDepth });
        try
        {
            while (reader.Read())
            {
                if (reader.ValueIsEscaped) reader.GetString();
            }
        }
        catch (JsonException malformed)
        {
            throw Malformed(malformed);
        }
        catch (InvalidOperationException)
        {
            throw new InvalidRequestException(Root, $"The body holds an unpaired surrogate (byte {reader.TokenStartIndex + 1}).");
        }
    }

    private static InvalidRequestException Malformed(JsonException malformed)
    {
        var what = malformed.Message.Contains("uplicate", StringComparison.Ordinal) ? "gives a member twice" : "is malformed JSON";
        return new InvalidRequestException(
            Root, $"The body {what} (line {malformed.LineNumber + 1}, byte {malformed.BytePositionInLine + 1}).");
    }
}
