using System.IO.Compression;
using AiGateway.Api.Errors;
using Microsoft.Net.Http.Headers;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace AiGateway.Api.RequestLimits;

/// <summary>How a body is compressed.</summary>
/// <param name="Name">The name in <c>Content-Encoding</c>.</param>
/// <param name="Unpack">Decompresses a stream.</param>
internal sealed record BodyCoding(string Name, Func<Stream, Stream> Unpack)
{
    public static readonly BodyCoding Plain = new("identity", stream => stream);

    // HTTP calls the zlib format "deflate".
    private static readonly BodyCoding[] Known =
    [
        Plain,
        new("gzip", stream => new GZipStream(stream, CompressionMode.Decompress)),
        new("zstd", UnpackZstd),
        new("br", stream => new BrotliStream(stream, CompressionMode.Decompress)),
        new("deflate", stream => new ZLibStream(stream, CompressionMode.Decompress)),
    ];

    // The window that every decoder for HTTP supports (RFC 9659): 8 MiB. A frame may ask for much more memory.
    private const int MaxZstdWindowLog = 23;

    /// <summary>The coding of a request's body: one of these, or none.</summary>
    /// <exception cref="Domain.AiGatewayException">It is compressed in another way, or more than once.</exception>
    public static BodyCoding Of(HttpRequest request)
    {
        var named = request.Headers[HeaderNames.ContentEncoding];
        if (named.Count == 0) return Plain;
        var name = named.ToString().Trim();
        if (name.Length == 0) return Plain;
        return Array.Find(Known, each => each.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw ErrorTable.UnsupportedMediaType();
    }

    private static DecompressionStream UnpackZstd(Stream stream)
    {
        var unpacked = new DecompressionStream(stream, leaveOpen: false);
        unpacked.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, MaxZstdWindowLog);
        return unpacked;
    }
}
