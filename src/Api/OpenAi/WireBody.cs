using System.Text.Json;
using System.Text.Unicode;
using AiGateway.Domain;

namespace AiGateway.Api.OpenAi;

/// <summary>Reads a request body of the OpenAI door: one strict JSON object.</summary>
internal static class WireBody
{
    private const string Root = "";

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 64, AllowDuplicateProperties = false };

    public static async Task<byte[]> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!request.HasJsonContentType() || request.Headers.ContentEncoding.Count > 0)
            throw new AiGatewayException(ErrorCode.UnsupportedMediaType, "The body must be application/json, not compressed.");
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, cancellationToken);
        return body.ToArray();
    }

    /// <exception cref="InvalidRequestException">It is no JSON object, or a member is given twice.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> body)
    {
        if (!Utf8.IsValid(body.Span)) throw new InvalidRequestException(Root, "The body is not valid UTF-8.");
        try
        {
            var json = JsonDocument.Parse(body, Strict);
            if (json.RootElement.ValueKind == JsonValueKind.Object) return json;
            json.Dispose();
            throw new InvalidRequestException(Root, "The body must be a JSON object.");
        }
        catch (JsonException malformed)
        {
            var what = malformed.Message.Contains("uplicate", StringComparison.Ordinal) ? "gives a member twice" : "is malformed JSON";
            throw new InvalidRequestException(
                Root, $"The body {what} (line {malformed.LineNumber + 1}, byte {malformed.BytePositionInLine + 1}).");
        }
    }
}
