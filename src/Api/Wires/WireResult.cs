using System.IO.Pipelines;
using Microsoft.AspNetCore.Mvc;

namespace AiGateway.Api.Wires;

/// <summary>Writes a provider's JSON unchanged.</summary>
internal sealed class WireResult(ReadOnlyMemory<byte> json) : IActionResult
{
    public async Task ExecuteResultAsync(ActionContext context) => await WriteAsync(context.HttpContext, json);

    /// <summary>Writes the JSON as the whole reply.</summary>
    public static ValueTask<FlushResult> WriteAsync(HttpContext context, ReadOnlyMemory<byte> json)
    {
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = json.Length;
        return context.Response.BodyWriter.WriteAsync(json, context.RequestAborted);
    }
}
