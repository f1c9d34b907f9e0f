using AiGateway.Application;
using AiGateway.Application.Generation;
using AiGateway.Application.Providers;
using AiGateway.Domain;
using Microsoft.AspNetCore.Mvc;

namespace AiGateway.Api.Streaming;

/// <summary>
/// The one loop that sends a streamed reply. Each API says what its events look like. It awaits the reply itself, so that the
/// client hears from the gateway meanwhile, and registers it for disposal, which settles it.
/// </summary>
internal abstract class StreamResult(Task<GenerateReply> answering) : IActionResult
{
    /// <summary>
    /// Whether the connection is broken off after the event of a failure. Many clients of OpenAI read past an error event and
    /// take a proper end for a whole answer.
    /// </summary>
    protected virtual bool BreaksOff => true;

    public async Task ExecuteResultAsync(ActionContext action)
    {
        var drain = action.HttpContext.RequestServices.GetRequiredService<DrainEnd>();
        await using var cut = drain.Token.UnsafeRegister(static http => ((HttpContext)http!).Abort(), action.HttpContext);
        await using var events = new EventStream(action.HttpContext, ToSignOfLife);
        try
        {
            var answer = await answering;
            var reply = answer.Stream!;
            action.HttpContext.Response.RegisterForDisposeAsync(reply);
            if (!events.IsOpen) Begin(answer, action.HttpContext.Response);
            while (await reply.MoveNextAsync())
            {
                // Empty: an event of the provider that means nothing in the client's wire.
                if (reply.Current.Json.IsEmpty) continue;
                if (ToEvent(reply.Current) is { } chunk) await events.SendAsync(chunk);
            }

            await events.StopSignsOfLifeAsync();
            events.Open();
            if (ToLastEvent(reply.Summary) is { } last) await events.SendAsync(last);
        }
        catch (AiGatewayException failure)
        {
            // Before the first event a failure is a reply with an error status.
            await events.StopSignsOfLifeAsync();
            if (!events.IsOpen) throw;
            if (BreaksOff) await events.FailAsync(ToErrorEvent(failure));
            else await events.SendAsync(ToErrorEvent(failure));
        }
    }

    /// <summary>Before the headers are sent, unless a sign of life has sent them.</summary>
    protected abstract void Begin(GenerateReply reply, HttpResponse response);

    /// <summary>The event of a chunk; null when the client must not see it.</summary>
    protected abstract StreamEvent? ToEvent(ReplyChunk chunk);

    /// <summary>The event after the last chunk; null when there is none.</summary>
    /// <param name="summary">The whole reply as it was settled; null when nothing was.</param>
    protected abstract StreamEvent? ToLastEvent(GenerateReply? summary);

    /// <summary>The event of a failure after the first event. An earlier failure is a reply with an error status.</summary>
    protected abstract StreamEvent ToErrorEvent(AiGatewayException failure);

    /// <summary>The event that shows that the gateway is alive; null: a comment. Another thread calls it.</summary>
    protected virtual StreamEvent? ToSignOfLife() => null;
}

/// <summary>One server-sent event.</summary>
/// <param name="Data">Its data.</param>
/// <param name="Type">Its name; null for a plain event.</param>
internal readonly record struct StreamEvent(ReadOnlyMemory<byte> Data, string? Type = null);
