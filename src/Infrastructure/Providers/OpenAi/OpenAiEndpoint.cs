using AiGateway.Application.OpenAiWire;
using AiGateway.Application.Providers;
using AiGateway.Domain;
using AiGateway.Infrastructure.Providers.Exchange;

namespace AiGateway.Infrastructure.Providers.OpenAi;

/// <summary>The endpoints of OpenAI's wires: their request bodies and the reading of their answers.</summary>
internal static class OpenAiEndpoint
{
    private static readonly WireEndpoint Chat = new()
    {
        ReadReply = OpenAiReply.FromChatCompletion,
        NewEventReader = static () => OpenAiChunk.Read,
        NewCollector = static () => new ReplyOfEvents(),
        ToEvents = EventsOfReply.OfChat,
        UsageOf = OpenAiReply.UsageOf,
        TextOf = OpenAiReply.TextOf,
        EndsWithDone = true,
    };

    private static readonly WireEndpoint Embeddings = Chat with { ReadReply = OpenAiEmbeddings.From, ToEvents = static _ => [] };

    private static readonly WireEndpoint Responses = Chat with
    {
        ReadReply = OpenAiResponse.From,
        NewEventReader = static () => OpenAiResponseEvent.Read,
        NewCollector = static () => new ResponseOfEvents(),
        ToEvents = EventsOfReply.OfResponse,
    };

    /// <summary>How the answers of an operation are read.</summary>
    public static WireEndpoint Of(ModelOperation operation, OpenAiProfile profile)
    {
        var endpoint = operation switch
        {
            ModelOperation.Embeddings => Embeddings,
            ModelOperation.Responses => Responses,
            _ => Chat,
        };
        return profile is { ChargesReportedCost: false, RepairsFinishReason: false } ? endpoint : endpoint with
        {
            ChargesReportedCost = profile.ChargesReportedCost,
            RepairEvent = profile.RepairsFinishReason ? FinishReasonRepair.OfChunk : null,
            RepairReply = profile.RepairsFinishReason ? FinishReasonRepair.OfReply : null,
        };
    }

    /// <summary>The body of a call to a server with this profile.</summary>
    public static ReadOnlyMemory<byte> ToBody(ModelCall call, OpenAiProfile profile)
    {
        if (call.Wire is { } wire) return OpenAiPassThrough.ToBody(call, wire, profile);
        return call.Request.Operation == ModelOperation.Chat
            ? OpenAiRequest.ToChatCompletion(call, profile)
            : throw new InvalidOperationException($"{call.Request.Operation} is supported only at the OpenAI-compatible API.");
    }
}
