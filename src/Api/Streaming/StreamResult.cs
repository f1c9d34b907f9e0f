using AiGateway.Application.Generation;
using AiGateway.Domain;
using Microsoft.AspNetCore.Mvc;

namespace AiGateway.Api.Streaming;

/// <summary>
/// The one loop that sends a streamed reply. Each API says what its events look like. The controller registers the reply for
/// disposal, which settles it.
/// </summary>
internal abstract class StreamResult(IStreamedReply reply) : IActionResult
{
    /// <summary>
    /// Whether the connection is broken off after the event of a failure. Many clients of OpenAI read past an error event and
    /// take a proper end for a whole answer.
    /// </summary>
    protected virtual bool BreaksOff => true;

    public async Task ExecuteResultAsync(ActionContext action)
    {
        var context = action.HttpContext;
        EventStream? events = null;
        try
        {
            while (await reply.MoveNextAsync())
            {
                if (ToEvent(reply.Current) is { } chunk) await (events ??= EventStream.Open(context)).SendAsync(chunk.Data, chunk.Type);
            }

            events ??= EventStream.Open(context);
            if (ToLastEvent(reply.Summary) is { } last) await events.SendAsync(last.Data, last.Type);
        }
        catch (AiGatewayException failure) when (events is not null)
        {
            var error = ToErrorEvent(failure);
            if (BreaksOff) await events.FailAsync(error.Data, error.Type);
            else await events.SendAsync(error.Data, error.Type);
        }
    }

    /// <summary>The event of a chunk; null when the client must not see it.</summary>
    protected abstract StreamEvent? ToEvent(ReplyChunk chunk);

    /// <summary>The event after the last chunk; null when there is none.</summary>
    /// <param name="summary">The whole reply as it was settled; null when nothing was.</param>
    protected abstract StreamEvent? ToLastEvent(GenerateReply? summary);

    /// <summary>The event of a failure after the first event. An earlier failure is a reply with an error status.</summary>
    protected abstract StreamEvent ToErrorEvent(AiGatewayException failure);
}

/// <summary>One server-sent event.</summary>
/// <param name="Data">Its data.</param>
/// <param name="Type">Its name; null for a plain event.</param>
internal readonly record struct StreamEvent(ReadOnlyMemory<byte> Data, string? Type = null);
