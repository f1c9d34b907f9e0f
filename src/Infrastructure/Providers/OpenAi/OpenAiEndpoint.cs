using AiGateway.Application.OpenAiWire;
using AiGateway.Application.Providers;
using AiGateway.Domain;

namespace AiGateway.Infrastructure.Providers.OpenAi;

/// <summary>One endpoint of the wire: its request bodies and the reading of its answers.</summary>
/// <param name="ToBody">Writes a call; the profile is of the server.</param>
/// <param name="ReadReply">Reads a finished reply; null when it is malformed or an error.</param>
/// <param name="ReadEvent">Reads one event of a stream.</param>
/// <param name="ToEvents">Writes a finished reply as the events of a stream.</param>
internal sealed record OpenAiEndpoint(
    Func<ModelCall, OpenAiProfile, ReadOnlyMemory<byte>> ToBody,
    Func<ReadOnlyMemory<byte>, string, ModelReply?> ReadReply,
    OpenAiEventReader ReadEvent,
    Func<ReadOnlyMemory<byte>, IReadOnlyList<WireEvent>> ToEvents)
{
    private static readonly OpenAiEndpoint Chat = new(ToChatBody, OpenAiReply.FromChatCompletion, OpenAiChunk.Read, EventsOfReply.OfChat);
    private static readonly OpenAiEndpoint Embeddings = new(PassThrough, OpenAiEmbeddings.From, OpenAiChunk.Read, static _ => []);
    private static readonly OpenAiEndpoint Responses = new(PassThrough, OpenAiResponse.From, OpenAiResponseEvent.Read, EventsOfReply.OfResponse);

    public static OpenAiEndpoint Of(ModelOperation operation) => operation switch
    {
        ModelOperation.Embeddings => Embeddings,
        ModelOperation.Responses => Responses,
        _ => Chat,
    };

    private static ReadOnlyMemory<byte> ToChatBody(ModelCall call, OpenAiProfile profile) =>
        call.Wire is null ? OpenAiRequest.ToChatCompletion(call, profile) : PassThrough(call, profile);

    private static ReadOnlyMemory<byte> PassThrough(ModelCall call, OpenAiProfile profile)
    {
        var wire = call.Wire ?? throw new InvalidOperationException($"{call.Request.Operation} is supported only at the OpenAI-compatible API.");
        return OpenAiPassThrough.ToBody(call, wire, profile);
    }
}

/// <summary>Reads one event of a stream.</summary>
internal delegate ChunkKind OpenAiEventReader(ReadOnlyMemory<byte> payload, string? eventType, string? modelSoFar, out ReplyChunk chunk);
