using Microsoft.AspNetCore.Mvc;

namespace AiGateway.Api.Wires;

/// <summary>Writes a provider's JSON unchanged.</summary>
internal sealed class WireResult(ReadOnlyMemory<byte> json) : IActionResult
{
    public async Task ExecuteResultAsync(ActionContext context)
    {
        var response = context.HttpContext.Response;
        response.ContentType = "application/json";
        response.ContentLength = json.Length;
        await response.BodyWriter.WriteAsync(json, context.HttpContext.RequestAborted);
    }
}
