using System.IO.Compression;

namespace AiGateway.Infrastructure.Providers.Http;

/// <summary>
/// Opens the body of a reply. Some servers compress it though the gateway does not ask for that, because compression delays
/// the events of a stream.
/// </summary>
internal static class ReplyContent
{
    /// <summary>The body, decompressed. It does not wait for bytes.</summary>
    /// <exception cref="InvalidDataException">The body has a compression that the gateway does not know.</exception>
    public static Stream Open(HttpContent content)
    {
        var body = content.ReadAsStream(CancellationToken.None);
        if (!IsCompressed(content)) return body;
        foreach (var coding in content.Headers.ContentEncoding.Reverse()) body = Decode(body, coding.ToLowerInvariant());
        return body;
    }

    /// <summary>Whether the stated length is of compressed bytes.</summary>
    public static bool IsCompressed(HttpContent content) => content.Headers.NonValidated.Contains("Content-Encoding");

    private static Stream Decode(Stream body, string coding) => coding switch
    {
        "gzip" or "x-gzip" => new GZipStream(body, CompressionMode.Decompress),
        "br" => new BrotliStream(body, CompressionMode.Decompress),
        "deflate" => new ZLibStream(body, CompressionMode.Decompress),
        "identity" or "" => body,
        _ => throw new InvalidDataException("The reply has a compression that the gateway does not know."),
    };
}
