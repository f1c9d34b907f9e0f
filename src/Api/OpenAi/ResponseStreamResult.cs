using System.Text.Json;
using AiGateway.Api.Errors;
using AiGateway.Api.Rates;
using AiGateway.Api.Streaming;
using AiGateway.Application.Generation;
using AiGateway.Application.OpenAiWire;
using AiGateway.Application.Providers;
using AiGateway.Domain;

namespace AiGateway.Api.OpenAi;

/// <summary>
/// Writes a streamed response: the provider's named events unchanged. It has no <c>[DONE]</c>. A failure after the first
/// event is one event <c>error</c>; without it clients would take the end for success. The sign of life is the event of a
/// response in progress, once more: some agents count only events with data.
/// </summary>
internal sealed class ResponseStreamResult(Task<GenerateReply> answering) : StreamResult(answering)
{
    private int _sent;
    private volatile byte[]? _inProgress;

    protected override void Begin(GenerateReply reply, HttpResponse response) => RateHeaders.AddOpenAi(response, reply.Rates);

    protected override StreamEvent? ToEvent(ReplyChunk chunk)
    {
        _sent++;
        if (chunk.EventType == OpenAiResponseEvent.InProgress) _inProgress = chunk.Json.ToArray();
        return new(chunk.Json, chunk.EventType);
    }

    protected override StreamEvent? ToLastEvent(GenerateReply? summary) => null;

    protected override StreamEvent? ToSignOfLife() => _inProgress is { } json ? new(json, OpenAiResponseEvent.InProgress) : null;

    protected override StreamEvent ToErrorEvent(AiGatewayException failure)
    {
        var error = OpenAiErrors.ToOpenAi(failure).Error;
        var last = new ResponseErrorEvent("error", error.Code ?? error.Type, error.Message, error.Param, _sent);
        return new(JsonSerializer.SerializeToUtf8Bytes(last, ResponseErrorEvent.Names), "error");
    }
}

/// <summary>The last event of a response that failed.</summary>
/// <param name="Type">Always <c>error</c>.</param>
/// <param name="Code">The failure's code.</param>
/// <param name="Message">In words.</param>
/// <param name="Param">The field with the error.</param>
/// <param name="SequenceNumber">Its place in the stream.</param>
internal sealed record ResponseErrorEvent(string Type, string Code, string Message, string? Param, int SequenceNumber)
{
    public static readonly JsonSerializerOptions Names = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
}
