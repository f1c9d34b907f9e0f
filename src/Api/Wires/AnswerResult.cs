using AiGateway.Application.Generation;
using Microsoft.AspNetCore.Mvc;

namespace AiGateway.Api.Wires;

/// <summary>
/// Waits for a reply and writes the provider's JSON unchanged. The action need not wait then, which saves three of MVC's
/// asynchronous steps.
/// </summary>
internal sealed class AnswerResult(Task<GenerateReply> answering) : IActionResult
{
    public async Task ExecuteResultAsync(ActionContext context)
    {
        var reply = await answering;
        await WireResult.WriteAsync(context.HttpContext, reply.Answer.Body);
    }
}
