namespace AiGateway.Infrastructure.Providers.Http;

/// <summary>Reads a reply to its end, up to a bound: a provider must not be able to fill the gateway's memory.</summary>
internal static class ResponseBodyReader
{
    /// <summary>Far beyond any reply of text.</summary>
    public const int MaxReplyBytes = 64 * 1024 * 1024;

    /// <summary>Far beyond any error message.</summary>
    public const int MaxErrorBytes = 64 * 1024;

    // The stated length is trusted only up to a bound until the bytes arrive.
    private const int MostReservedAtOnce = 1024 * 1024;
    private const int ReservedWithoutLength = 4 * 1024;

    /// <summary>The bytes, or null when there are more than allowed.</summary>
    public static async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(HttpContent content, int maxBytes, CancellationToken cancellationToken)
    {
        var statedLength = ReplyContent.IsCompressed(content) ? null : content.Headers.ContentLength;
        if (statedLength > maxBytes) return null;
        var stream = ReplyContent.Open(content);

        // One byte more than stated: the read that finds the end then needs no larger buffer.
        var buffer = new byte[Math.Min(statedLength ?? ReservedWithoutLength, MostReservedAtOnce) + 1];
        var length = 0;
        while (true)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken);
            if (read == 0) return buffer.AsMemory(0, length);
            length += read;
            if (length > maxBytes) return null;
            if (length == buffer.Length) Array.Resize(ref buffer, Math.Min(buffer.Length * 2, maxBytes + 1));
        }
    }
}
