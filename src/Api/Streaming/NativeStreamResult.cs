using System.Text.Json;
using AiGateway.Api.Contracts;
using AiGateway.Api.Errors;
using AiGateway.Api.Rates;
using AiGateway.Application.Generation;
using AiGateway.Application.Providers;
using AiGateway.Domain;
using AutoMapper;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace AiGateway.Api.Streaming;

/// <summary>
/// The native API's stream: <c>delta</c> events with the text as it comes, then one <c>done</c> with usage and cost. A
/// failure after the first event is one <c>error</c>, and no <c>done</c>.
/// </summary>
internal sealed class NativeStreamResult(Task<GenerateReply> answering, HttpContext context, IMapper mapper) : StreamResult(answering)
{
    private readonly JsonSerializerOptions _json = context.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.JsonSerializerOptions;

    // Clients know that a reply without done is not whole.
    protected override bool BreaksOff => false;

    protected override void Begin(GenerateReply reply, HttpResponse response) => RateHeaders.AddNative(response, reply.Rates);

    protected override StreamEvent? ToEvent(ReplyChunk chunk) =>
        chunk.Content is { Length: > 0 } text ? Event(new DeltaEvent(text), "delta") : null;

    protected override StreamEvent? ToLastEvent(GenerateReply? summary) => summary is null ? null : Event(ToDone(summary), "done");

    protected override StreamEvent ToErrorEvent(AiGatewayException failure) => Event(ErrorResponse.Of(failure, context.TraceIdentifier), "error");

    private StreamEvent Event<T>(T data, string type) => new(JsonSerializer.SerializeToUtf8Bytes(data, _json), type);

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
