using System.Text.Json;
using AiGateway.Api.Contracts;
using AiGateway.Api.Errors;
using AiGateway.Application.Generation;
using AiGateway.Domain;
using AutoMapper;

namespace AiGateway.Api.Streaming;

/// <summary>
/// The native API's stream: <c>delta</c> events with the text as it comes, then one <c>done</c> with usage and cost. A
/// failure after the first event is one <c>error</c>, and no <c>done</c>.
/// </summary>
internal sealed class NativeStreamResult(IStreamedReply reply, Guid requestId, JsonSerializerOptions json, IMapper mapper) : StreamResult(reply)
{
    // Clients know that a reply without done is not whole.
    protected override bool BreaksOff => false;

    protected override StreamEvent? ToEvent(ReplyChunk chunk) =>
        chunk.Content is { Length: > 0 } text ? Event(new DeltaEvent(text), "delta") : null;

    protected override StreamEvent? ToLastEvent(GenerateReply? summary) => summary is null ? null : Event(ToDone(summary), "done");

    protected override StreamEvent ToErrorEvent(AiGatewayException failure) => Event(ErrorResponse.Of(failure, requestId.ToString()), "error");

    private StreamEvent Event<T>(T data, string type) => new(JsonSerializer.SerializeToUtf8Bytes(data, json), type);

    private DoneEvent ToDone(GenerateReply summary) => new(
        summary.RequestId,
        summary.Answer.Model,
        summary.Provider,
        summary.Answer.FinishReason,
        mapper.Map<UsageResponse>(summary.Usage),
        Money.ToUsd(summary.CostNanoUsd),
        Math.Round(summary.Latency.TotalMilliseconds, 3),
        summary.Call.Request.ReceivedAt);
}
