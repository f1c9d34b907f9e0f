namespace AiGateway.Application.Generation;

/// <summary>
/// A streamed reply on its way to the client. It must be disposed: that ends the request in the books and at the provider,
/// unless the stream has already ended.
/// </summary>
public interface IStreamedReply : IAsyncEnumerator<ReplyChunk>
{
    /// <summary>The whole reply as it was booked; null until the stream has ended, or when nothing was booked.</summary>
    GenerateReply? Summary { get; }
}
