using System.Text.Json;
using AiGateway.Api.Errors;
using AiGateway.Api.Streaming;
using AiGateway.Application.Generation;
using AiGateway.Domain;
using Microsoft.AspNetCore.Mvc;

namespace AiGateway.Api.OpenAi;

/// <summary>
/// Writes a streamed chat completion: the provider's chunks unchanged, then <c>[DONE]</c>. A failure after the first chunk
/// is one event with an <c>error</c>, no <c>[DONE]</c>, and an aborted connection.
/// </summary>
internal sealed class ChatCompletionStreamResult(IStreamedReply reply, bool wantsUsage) : IActionResult
{
    private static readonly byte[] Done = "[DONE]"u8.ToArray();

    public async Task ExecuteResultAsync(ActionContext action)
    {
        var context = action.HttpContext;
        await using var chunks = reply;
        EventStream? events = null;
        try
        {
            while (await chunks.MoveNextAsync())
            {
                var chunk = chunks.Current;
                if (wantsUsage)
                {
                    await (events ??= EventStream.Open(context)).SendAsync(chunk.Json);
                }
                else if (!chunk.IsUsageOnly)
                {
                    await (events ??= EventStream.Open(context)).SendAsync(UsageMember.Strip(chunk.Json));
                }
            }
        }
        catch (AiGatewayException failure) when (events is not null)
        {
            await events.FailAsync(JsonSerializer.SerializeToUtf8Bytes(OpenAiErrors.ToOpenAi(failure)));
            return;
        }

        await (events ?? EventStream.Open(context)).SendAsync(Done);
    }
}
