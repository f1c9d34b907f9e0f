using AiGateway.Api.Auth;
using AiGateway.Api.Contracts.Operators;
using AiGateway.Application.Routing;
using MediatR;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace AiGateway.Api.Controllers.Operators;

/// <summary>Routes.</summary>
[ApiController]
[Route("api/v1/admin/routes")]
[Authorize(Policies.Admin)]
[Tags("Administration")]
public sealed class AdminRoutesController(IMediator mediator) : ControllerBase
{
    /// <summary>List the routes, with the state of each target now.</summary>
    /// <remarks>The state is as this gateway process knows it. To see where a plain model name goes, name it.</remarks>
    /// <param name="model">Only this model name, of a route or of a priced model.</param>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <response code="200">The routes, by name.</response>
    [HttpGet]
    public async Task<ActionResult<RouteListResponse>> List(string? model, CancellationToken cancellationToken) =>
        new RouteListResponse([.. (await mediator.Send(new ListRoutes(model), cancellationToken)).Select(RouteResponse.Of)]);
}
