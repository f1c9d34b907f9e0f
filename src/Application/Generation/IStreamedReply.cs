namespace AiGateway.Application.Generation;

/// <summary>
/// A streamed reply on its way to the client. It must be disposed. Disposing settles the request and ends the call at the
/// provider, unless the stream has already ended.
/// </summary>
public interface IStreamedReply : IAsyncEnumerator<ReplyChunk>
{
    /// <summary>The whole reply as charged; null until the stream has ended, or when nothing was charged.</summary>
    GenerateReply? Summary { get; }
}
