using System.Text.Json;
using AiGateway.Api.Errors;
using AiGateway.Api.Streaming;
using AiGateway.Application.Generation;
using AiGateway.Domain;
using Microsoft.AspNetCore.Mvc;

namespace AiGateway.Api.OpenAi;

/// <summary>
/// Writes a streamed response: the provider's named events unchanged. It has no <c>[DONE]</c>. A failure after the first
/// event is one event <c>error</c>; without it clients would take the end for success.
/// </summary>
internal sealed class ResponseStreamResult(IStreamedReply reply) : IActionResult
{
    public async Task ExecuteResultAsync(ActionContext action)
    {
        await using var chunks = reply;
        var events = EventStream.Open(action.HttpContext);
        var sent = 0;
        try
        {
            while (await chunks.MoveNextAsync())
            {
                await events.SendAsync(chunks.Current.Json, chunks.Current.EventType);
                sent++;
            }
        }
        catch (AiGatewayException failure) when (sent > 0)
        {
            var error = OpenAiErrors.ToOpenAi(failure).Error;
            var last = new ResponseErrorEvent("error", error.Code ?? error.Type, error.Message, error.Param, sent);
            await events.FailAsync(JsonSerializer.SerializeToUtf8Bytes(last, ResponseErrorEvent.Names), "error");
        }
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
