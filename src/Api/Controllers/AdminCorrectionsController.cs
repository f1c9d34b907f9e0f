using AiGateway.Api.Auth;
using AiGateway.Api.Contracts;
using AiGateway.Api.OpenApi;
using AiGateway.Application.Usage;
using AiGateway.Domain;
using AutoMapper;
using MediatR;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace AiGateway.Api.Controllers;

/// <summary>Corrections of the cost of requests.</summary>
[ApiController]
[Route("api/v1/admin/usage/{id:guid}")]
[Authorize(Policies.Admin)]
[Tags("Administration")]
public sealed class AdminCorrectionsController(IMediator mediator, IMapper mapper) : ControllerBase
{
    /// <summary>Set the total cost of a request to the amount that its provider billed.</summary>
    /// <remarks>
    /// The cost counts in the day and month of the request, even above a limit. A request can be corrected again; each
    /// correction is kept. While the request is held, the answer is 409.
    /// </remarks>
    /// <param name="id">The request's id.</param>
    /// <param name="request">The new total cost and the reason.</param>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <response code="201">The correction.</response>
    [HttpPost("correct")]
    [ProducesResponseType<CorrectionResponse>(StatusCodes.Status201Created)]
    [FailsWith(ErrorCode.InvalidRequest, ErrorCode.NotFound, ErrorCode.Conflict, ErrorCode.LedgerUnavailable)]
    public async Task<ActionResult<CorrectionResponse>> Correct(Guid id, CorrectionRequest request, CancellationToken cancellationToken)
    {
        var command = new CorrectUsage(HttpContext.Actor(), id, request.CostUsd, request.Reason);
        var correction = mapper.Map<CorrectionResponse>(await mediator.Send(command, cancellationToken));

        // A path only: the host in the request is chosen by the client.
        return Created(Url.Action(nameof(List), new { id }), correction);
    }

    /// <summary>The corrections of a request, oldest first.</summary>
    /// <param name="id">The request's id.</param>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <response code="200">The corrections; none when the request was never corrected.</response>
    [HttpGet("corrections")]
    [FailsWith(ErrorCode.LedgerUnavailable)]
    public async Task<ActionResult<CorrectionListResponse>> List(Guid id, CancellationToken cancellationToken) => new CorrectionListResponse(
        mapper.Map<IReadOnlyList<CorrectionResponse>>(await mediator.Send(new ListCorrections(id), cancellationToken)));
}
