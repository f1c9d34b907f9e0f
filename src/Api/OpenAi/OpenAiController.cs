using AiGateway.Api.Auth;
using AiGateway.Api.Errors;
using AiGateway.Api.OpenApi;
using AiGateway.Api.Rates;
using AiGateway.Api.RequestLimits;
using AiGateway.Api.Wires;
using AiGateway.Application.Generation;
using AiGateway.Domain;
using MediatR;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace AiGateway.Api.OpenAi;

/// <summary>The OpenAI-compatible API: the commands of the native API in OpenAI's format.</summary>
/// <remarks>
/// Nothing is bound or filtered, because the wire readers do it all. Without parameters and without the filters of
/// <c>[ApiController]</c>, MVC takes its short path, which saves a tenth of a request's CPU.
/// </remarks>
[Route("v1")]
[ApiExplorerSettings(IgnoreApi = false)]
[ErrorFormat(ErrorFormat.OpenAi)]
[Authorize(Policies.Generate)]
[Tags("OpenAI")]
[FailsWith(
    ErrorCode.InvalidRequest, ErrorCode.RequestTimeout, ErrorCode.RequestTooLarge, ErrorCode.UnsupportedMediaType, ErrorCode.ModelNotFound,
    ErrorCode.ModelNotPriced, ErrorCode.ModelNotAllowed, ErrorCode.ContextLengthExceeded, ErrorCode.QuotaExceeded, ErrorCode.ProviderRejected, ErrorCode.ProviderRateLimited,
    ErrorCode.ProviderFailed, ErrorCode.AllProvidersFailed, ErrorCode.GatewayBusy, ErrorCode.LedgerUnavailable, ErrorCode.ProviderTimeout)]
public sealed class OpenAiController(IMediator mediator) : ControllerBase
{
    /// <summary>A chat completion, plain or streamed.</summary>
    /// <remarks>OpenAI's request and reply. Members that the gateway does not use pass through unchanged.</remarks>
    /// <response code="200">The provider's reply, unchanged.</response>
    [HttpPost("chat/completions")]
    [SpendsQuota]
    [Wire("chat", Streams = true, Example = """{"model":"gpt-6-luna","messages":[{"role":"user","content":"Say hello in one word."}]}""")]
    [ProducesResponseType(StatusCodes.Status200OK)]
    public async Task<IActionResult> ChatCompletions()
    {
        var (command, wantsUsage) = ChatCompletionReader.Read(WireBody.Of(HttpContext), HttpContext);
        var answering = mediator.Send(command, HttpContext.RequestAborted);
        return command.Stream ? new ChatCompletionStreamResult(answering, wantsUsage) : Plain(await answering);
    }

    /// <summary>Embedding vectors.</summary>
    /// <response code="200">The provider's reply, unchanged.</response>
    [HttpPost("embeddings")]
    [SpendsQuota]
    [Wire("embeddings", Example = """{"model":"text-embedding-3-small","input":"Say hello in one word."}""")]
    [ProducesResponseType(StatusCodes.Status200OK)]
    public async Task<IActionResult> Embeddings()
    {
        var command = EmbeddingsReader.Read(WireBody.Of(HttpContext), HttpContext);
        return Plain(await mediator.Send(command, HttpContext.RequestAborted));
    }

    /// <summary>A response of OpenAI's Responses API, plain or streamed.</summary>
    /// <remarks>
    /// A stored response belongs to the caller who created it. `background`, `conversation`, `prompt` and tools that run at
    /// the provider are refused by name, because their cost has no bound.
    /// </remarks>
    /// <response code="200">The provider's reply, unchanged.</response>
    [HttpPost("responses")]
    [SpendsQuota]
    [Wire("responses/create", Streams = true, Example = """{"model":"gpt-6-luna","input":"Say hello in one word."}""")]
    [FailsWith(ErrorCode.NotFound, ErrorCode.PreviousResponseNotFound)]
    [ProducesResponseType(StatusCodes.Status200OK)]
    public async Task<IActionResult> Responses()
    {
        var command = ResponsesReader.Read(WireBody.Of(HttpContext), HttpContext);
        var answering = mediator.Send(command, HttpContext.RequestAborted);
        return command.Stream ? new ResponseStreamResult(answering) : Plain(await answering);
    }

    private WireResult Plain(GenerateReply reply)
    {
        RateHeaders.AddOpenAi(Response, reply.Rates);
        return new(reply.Answer.Body);
    }
}
