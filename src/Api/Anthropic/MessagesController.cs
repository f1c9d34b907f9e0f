using AiGateway.Api.Auth;
using AiGateway.Api.Errors;
using AiGateway.Api.Http;
using AiGateway.Api.OpenApi;
using AiGateway.Api.Rates;
using AiGateway.Api.RequestLimits;
using AiGateway.Api.Wires;
using AiGateway.Application.Generation;
using AiGateway.Domain;
using MediatR;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace AiGateway.Api.Anthropic;

/// <summary>The Anthropic-compatible API: the commands of the native API in Anthropic's format.</summary>
/// <remarks>Nothing is bound or filtered, as at the OpenAI-compatible API.</remarks>
[Route("v1/messages")]
[ApiExplorerSettings(IgnoreApi = false)]
[ErrorFormat(ErrorFormat.Anthropic)]
[Authorize(Policies.Generate)]
[Tags("Anthropic")]
[FailsWith(
    ErrorCode.InvalidRequest, ErrorCode.RequestTimeout, ErrorCode.RequestTooLarge, ErrorCode.UnsupportedMediaType, ErrorCode.ModelNotFound,
    ErrorCode.ModelNotPriced, ErrorCode.ModelNotAllowed, ErrorCode.ContextLengthExceeded, ErrorCode.ProviderRejected, ErrorCode.ProviderRateLimited,
    ErrorCode.ProviderFailed, ErrorCode.GatewayBusy, ErrorCode.LedgerUnavailable, ErrorCode.ProviderTimeout)]
public sealed class MessagesController(IMediator mediator) : ControllerBase
{
    /// <summary>A message of Anthropic's Messages API, plain or streamed.</summary>
    /// <remarks>
    /// Anthropic's request and reply. Members that the gateway does not use pass through unchanged, and so do the headers
    /// `anthropic-version` and `anthropic-beta`. Tools that run at the provider and files stored there are refused by name.
    /// </remarks>
    /// <response code="200">The provider's reply, unchanged.</response>
    [HttpPost]
    [SpendsQuota]
    [Wire("messages/create", Vendor = WireVendor.Anthropic, Streams = true, Example = """{"model":"claude-haiku-5-5","max_tokens":100,"messages":[{"role":"user","content":"Say hello in one word."}]}""")]
    [FailsWith(ErrorCode.QuotaExceeded, ErrorCode.AllProvidersFailed)]
    [ProducesResponseType(StatusCodes.Status200OK)]
    public async Task<IActionResult> Create()
    {
        RequestIdHeader.Set(HttpContext);
        var command = MessagesReader.Read(WireBody.Of(HttpContext), HttpContext);
        var answering = mediator.Send(command, HttpContext.RequestAborted);
        if (command.Stream) return new MessageStreamResult(answering, HttpContext);
        var reply = await answering;
        RequestIdHeader.Set(Response, reply.Answer);
        RateHeaders.AddAnthropic(Response, reply.Rates);
        CostHeaders.Add(HttpContext, reply);
        return new WireResult(reply.Answer.Body);
    }

    /// <summary>The input tokens of a message, free of charge.</summary>
    /// <remarks>
    /// The body of a message; `max_tokens` may be left out. A provider of Anthropic's API counts. Otherwise the count is what
    /// the gateway would hold for the input.
    /// </remarks>
    /// <response code="200">The count: `{"input_tokens":14}`.</response>
    [HttpPost("count_tokens")]
    [Estimates]
    [Wire("messages/count_tokens", Vendor = WireVendor.Anthropic, Example = """{"model":"claude-haiku-5-5","messages":[{"role":"user","content":"Say hello in one word."}]}""")]
    [ProducesResponseType(StatusCodes.Status200OK)]
    public async Task<IActionResult> CountTokens()
    {
        RequestIdHeader.Set(HttpContext);
        var command = MessagesReader.Read(WireBody.Of(HttpContext), HttpContext, isCount: true);
        var count = await mediator.Send(new CountMessageTokens(command), HttpContext.RequestAborted);
        RequestIdHeader.Set(Response, count);
        return new WireResult(count.Body);
    }
}
