using AiGateway.Api.Auth;
using AiGateway.Api.Contracts.Operators;
using AiGateway.Application.Refusals;
using MediatR;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace AiGateway.Api.Controllers.Operators;

/// <summary>Refusals.</summary>
[ApiController]
[Route("api/v1/admin/refusals")]
[Authorize(Policies.Admin)]
[Tags("Administration")]
public sealed class AdminRefusalsController(IMediator mediator) : ControllerBase
{
    /// <summary>Who was refused by which budget, quota or rate.</summary>
    /// <remarks>Of this gateway process since its start, for a day at most. Other gateways have lists of their own.</remarks>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <response code="200">The refusals, newest first, 1,000 lines at most.</response>
    [HttpGet]
    public async Task<ActionResult<RefusalListResponse>> List(CancellationToken cancellationToken) =>
        RefusalListResponse.Of(await mediator.Send(new ListRefusals(), cancellationToken));
}
