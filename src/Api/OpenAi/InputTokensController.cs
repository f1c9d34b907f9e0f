using System.Text.Json;
using AiGateway.Api.Auth;
using AiGateway.Api.Errors;
using AiGateway.Api.OpenApi;
using AiGateway.Api.RequestLimits;
using AiGateway.Api.Wires;
using AiGateway.Application.Generation;
using AiGateway.Domain;
using MediatR;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace AiGateway.Api.OpenAi;

/// <summary>Counts the input of a response. It asks no provider and costs nothing.</summary>
[Route("v1/responses/input_tokens")]
[ApiExplorerSettings(IgnoreApi = false)]
[ErrorFormat(ErrorFormat.OpenAi)]
[Authorize(Policies.Generate)]
[Tags("OpenAI")]
[FailsWith(
    ErrorCode.InvalidRequest, ErrorCode.RequestTimeout, ErrorCode.RequestTooLarge, ErrorCode.UnsupportedMediaType, ErrorCode.ModelNotFound,
    ErrorCode.ModelNotPriced, ErrorCode.ModelNotAllowed, ErrorCode.ContextLengthExceeded, ErrorCode.NotFound, ErrorCode.PreviousResponseNotFound, ErrorCode.GatewayBusy,
    ErrorCode.LedgerUnavailable)]
public sealed class InputTokensController(IMediator mediator) : ControllerBase
{
    /// <summary>The input tokens of a response, counted by the gateway, free of charge.</summary>
    /// <remarks>The body of a response. The count is what the gateway would hold for its input.</remarks>
    /// <response code="200">The count.</response>
    [HttpPost]
    [Estimates]
    [Wire("responses/input-tokens", Example = """{"model":"gpt-6-luna","input":"Say hello in one word."}""")]
    [ProducesResponseType(StatusCodes.Status200OK)]
    public async Task<IActionResult> Count()
    {
        var command = ResponsesReader.Read(WireBody.Of(HttpContext), HttpContext);
        var tokens = await mediator.Send(new CountInputTokens(command), HttpContext.RequestAborted);
        return new WireResult(JsonSerializer.SerializeToUtf8Bytes(new { @object = "response.input_tokens", input_tokens = tokens }));
    }
}
