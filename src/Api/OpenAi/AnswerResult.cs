using AiGateway.Api.Http;
using AiGateway.Api.Rates;
using AiGateway.Api.Wires;
using AiGateway.Application.Generation;
using Microsoft.AspNetCore.Mvc;

namespace AiGateway.Api.OpenAi;

/// <summary>
/// Waits for a reply and writes the provider's JSON unchanged. The action need not wait then, which saves three of MVC's
/// asynchronous steps.
/// </summary>
internal sealed class AnswerResult(Task<GenerateReply> answering) : IActionResult
{
    public async Task ExecuteResultAsync(ActionContext context)
    {
        var reply = await answering;
        RateHeaders.AddOpenAi(context.HttpContext.Response, reply.Rates);
        CostHeaders.Add(context.HttpContext, reply);
        await WireResult.WriteAsync(context.HttpContext, reply.Answer.Body);
    }
}
