using AiGateway.Api.Auth;
using AiGateway.Api.Contracts;
using AiGateway.Api.Docs;
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
    /// The worst-case cost is held against your limits before the provider is called, and the true cost is booked after.
    /// </remarks>
    /// <param name="request">What to generate.</param>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <response code="200">The answer and its cost.</response>
    [HttpPost("generate")]
    [FailsWith(
        ErrorCode.InvalidRequest, ErrorCode.RequestTooLarge, ErrorCode.UnsupportedMediaType, ErrorCode.ModelNotFound,
        ErrorCode.ModelNotPriced, ErrorCode.QuotaExceeded, ErrorCode.ProviderRejected, ErrorCode.ProviderRateLimited,
        ErrorCode.ProviderFailed, ErrorCode.AllProvidersFailed, ErrorCode.LedgerUnavailable, ErrorCode.ProviderTimeout)]
    public async Task<ActionResult<GenerateResponse>> Generate(GenerateRequest request, CancellationToken cancellationToken)
    {
        var reply = await mediator.Send(request.ToCommand(HttpContext), cancellationToken);
        return reply.ToResponse(mapper.Map<UsageResponse>(reply.Usage));
    }

    /// <summary>What a request would cost at most, and whether it would be admitted.</summary>
    /// <remarks>Takes the body of generate. No provider is called and nothing is held.</remarks>
    /// <param name="request">What would be generated.</param>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <response code="200">The worst case.</response>
    [HttpPost("estimate")]
    [FailsWith(
        ErrorCode.InvalidRequest, ErrorCode.RequestTooLarge, ErrorCode.UnsupportedMediaType, ErrorCode.ModelNotFound,
        ErrorCode.ModelNotPriced, ErrorCode.LedgerUnavailable)]
    public async Task<ActionResult<EstimateResponse>> Estimate(GenerateRequest request, CancellationToken cancellationToken) =>
        mapper.Map<EstimateResponse>(await mediator.Send(new EstimateGeneration(request.ToCommand(HttpContext)), cancellationToken));
}
