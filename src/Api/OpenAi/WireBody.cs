using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Unicode;
using AiGateway.Domain;

namespace AiGateway.Api.OpenAi;

/// <summary>Reads a request body of the OpenAI door: one strict JSON object.</summary>
internal static class WireBody
{
    private const string Root = "";

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 64, AllowDuplicateProperties = false };

    public static async Task<byte[]> ReadAsync(HttpRequest request)
    {
        if (!request.HasJsonContentType())
            throw new AiGatewayException(ErrorCode.UnsupportedMediaType, "The body must be application/json.");
        while (true)
        {
            var read = await request.BodyReader.ReadAsync(request.HttpContext.RequestAborted);
            if (read.IsCompleted) return Take(request.BodyReader, read.Buffer);
            request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static byte[] Take(PipeReader reader, ReadOnlySequence<byte> body)
    {
        var bytes = body.ToArray();
        reader.AdvanceTo(body.End);
        return bytes;
    }

    /// <exception cref="InvalidRequestException">It is no JSON object, or a member is given twice.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> body)
    {
        if (!Utf8.IsValid(body.Span)) throw new InvalidRequestException(Root, "The body is not valid UTF-8.");
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

    // Escapes can spell half a surrogate pair: valid JSON but no text, at which reading would fail wherever it stands.
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
