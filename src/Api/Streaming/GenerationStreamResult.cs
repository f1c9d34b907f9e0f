using System.Text.Json;
using AiGateway.Api.Contracts;
using AiGateway.Api.Errors;
using AiGateway.Application.Generation;
using AiGateway.Domain;
using AutoMapper;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace AiGateway.Api.Streaming;

/// <summary>
/// The native API's stream: <c>delta</c> events with the text as it comes, then one <c>done</c> with usage and cost. A
/// failure after the first event is one <c>error</c>, and no <c>done</c>.
/// </summary>
internal sealed class GenerationStreamResult(IStreamedReply reply) : IActionResult
{
    public async Task ExecuteResultAsync(ActionContext action)
    {
        var context = action.HttpContext;
        var services = context.RequestServices;
        var json = services.GetRequiredService<IOptions<JsonOptions>>().Value.JsonSerializerOptions;
        await using var chunks = reply;
        EventStream? events = null;
        try
        {
            while (await chunks.MoveNextAsync())
            {
                if (chunks.Current.Content is { Length: > 0 } text)
                    await (events ??= EventStream.Open(context)).SendAsync(JsonSerializer.SerializeToUtf8Bytes(new DeltaEvent(text), json), "delta");
            }

            if (chunks.Summary is not { } summary) return;
            var done = ToDone(summary, services.GetRequiredService<IMapper>());
            await (events ?? EventStream.Open(context)).SendAsync(JsonSerializer.SerializeToUtf8Bytes(done, json), "done");
        }
        catch (AiGatewayException failure) when (events is not null)
        {
            var error = ErrorResponse.Of(failure, context.TraceIdentifier);
            await events.SendAsync(JsonSerializer.SerializeToUtf8Bytes(error, json), "error");
        }
    }

    private static DoneEvent ToDone(GenerateReply summary, IMapper mapper) => new(
        summary.RequestId,
        summary.Answer.Model,
        summary.Provider,
        summary.Answer.FinishReason,
        mapper.Map<UsageResponse>(summary.Usage),
        Money.ToUsd(summary.CostNanoUsd),
        Math.Round(summary.Latency.TotalMilliseconds, 3),
        summary.Call.Request.ReceivedAt);
}
