using AiGateway.Api.Auth;
using AiGateway.Api.Contracts;
using AiGateway.Api.Http;
using AiGateway.Api.OpenApi;
using AiGateway.Api.Rates;
using AiGateway.Api.RequestLimits;
using AiGateway.Api.Streaming;
using AiGateway.Application.Generation;
using AiGateway.Domain;
using AutoMapper;
using MediatR;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace AiGateway.Api.Controllers;

/// <summary>Generation.</summary>
[ApiController]
[Route("api/v1/ai")]
[Authorize(Policies.Generate)]
[Tags("Generation")]
public sealed class GenerationController(IMediator mediator, IMapper mapper) : ControllerBase
{
    /// <summary>Have a model answer.</summary>
    /// <remarks>
    /// The maximum cost is held against your limits before the provider is called. The true cost is charged after. With
    /// `"stream": true` the reply is `text/event-stream`: events `delta` with `{"content"}`, then one `done` with the
    /// members of the plain reply except the content. A failure after the first event is one `error` event with the members
    /// of an error reply; no `done` follows.
    /// </remarks>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <param name="request">The prompt and its options.</param>
    /// <response code="200">The answer and its cost.</response>
    [HttpPost("generate")]
    [SpendsQuota]
    [FailsWith(
        ErrorCode.InvalidRequest, ErrorCode.RequestTimeout, ErrorCode.RequestTooLarge, ErrorCode.UnsupportedMediaType, ErrorCode.ModelNotFound,
        ErrorCode.ModelNotPriced, ErrorCode.ModelNotAllowed, ErrorCode.ContextLengthExceeded, ErrorCode.QuotaExceeded, ErrorCode.ProviderRejected, ErrorCode.ProviderRateLimited,
        ErrorCode.ProviderFailed, ErrorCode.AllProvidersFailed, ErrorCode.GatewayBusy, ErrorCode.LedgerUnavailable, ErrorCode.ProviderTimeout)]
    [ProducesResponseType<GenerateResponse>(StatusCodes.Status200OK, "application/json", "text/event-stream")]
    public async Task<IActionResult> Generate(GenerateRequest request, CancellationToken cancellationToken)
    {
        var command = request.ToCommand(HttpContext);
        var answering = mediator.Send(command, cancellationToken);
        if (command.Stream) return new NativeStreamResult(answering, HttpContext, mapper);
        var reply = await answering;
        RateHeaders.AddNative(Response, reply.Rates);
        CostHeaders.Add(HttpContext, reply);
        return Ok(reply.ToResponse(mapper.Map<UsageResponse>(reply.Usage)));
    }

    /// <summary>The maximum cost of a request, and whether it would be admitted.</summary>
    /// <remarks>Takes the body of generate. No provider is called and nothing is held.</remarks>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <param name="request">The prompt and its options.</param>
    /// <response code="200">The maximum cost.</response>
    [HttpPost("estimate")]
    [Estimates]
    [FailsWith(
        ErrorCode.InvalidRequest, ErrorCode.RequestTimeout, ErrorCode.RequestTooLarge, ErrorCode.UnsupportedMediaType, ErrorCode.ModelNotFound,
        ErrorCode.ModelNotPriced, ErrorCode.ModelNotAllowed, ErrorCode.ContextLengthExceeded, ErrorCode.GatewayBusy, ErrorCode.LedgerUnavailable)]
    public async Task<ActionResult<EstimateResponse>> Estimate(GenerateRequest request, CancellationToken cancellationToken) =>
        mapper.Map<EstimateResponse>(await mediator.Send(new EstimateGeneration(request.ToCommand(HttpContext)), cancellationToken));
}
