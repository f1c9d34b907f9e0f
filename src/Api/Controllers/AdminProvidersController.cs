using AiGateway.Api.Auth;
using AiGateway.Api.Contracts;
using AiGateway.Api.OpenApi;
using AiGateway.Application.Health;
using AiGateway.Application.Switches;
using AiGateway.Domain;
using MediatR;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace AiGateway.Api.Controllers;

/// <summary>Providers.</summary>
[ApiController]
[Route("api/v1/admin/providers")]
[Authorize(Policies.Admin)]
[Tags("Administration")]
public sealed class AdminProvidersController(IMediator mediator) : ControllerBase
{
    /// <summary>List the configured providers.</summary>
    /// <remarks>Cooldowns and rate limits are as this gateway process knows them.</remarks>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <response code="200">The providers, in the order in which they are tried.</response>
    [HttpGet]
    public async Task<ActionResult<ProviderListResponse>> List(CancellationToken cancellationToken) =>
        new ProviderListResponse([.. (await mediator.Send(new ListProviders(), cancellationToken)).Select(ProviderResponse.Of)]);

    /// <summary>Switch a provider, or one model of it, off or on.</summary>
    /// <remarks>
    /// It applies to the next request, at other gateways of the same database within 5 seconds. Requests in progress are not
    /// touched. The switch outlives a restart.
    /// </remarks>
    /// <param name="name">The provider's name.</param>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <param name="request">The change.</param>
    /// <response code="200">The provider.</response>
    [HttpPatch("{name}")]
    [FailsWith(ErrorCode.InvalidRequest, ErrorCode.NotFound, ErrorCode.LedgerUnavailable)]
    public async Task<ActionResult<ProviderResponse>> Update(string name, UpdateProviderRequest request, CancellationToken cancellationToken) =>
        ProviderResponse.Of(await mediator.Send(new SetSwitch(HttpContext.Actor(), name, request.Model, request.Enabled), cancellationToken));

    /// <summary>The history of the providers' health, newest first.</summary>
    /// <remarks>A change is noticed when the health of the providers is checked. Changes are kept for 90 days.</remarks>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <param name="limit">Changes, 1 to 200.</param>
    /// <response code="200">The changes.</response>
    [HttpGet("changes")]
    [FailsWith(ErrorCode.InvalidRequest, ErrorCode.LedgerUnavailable)]
    public async Task<ActionResult<ProviderChangeListResponse>> Changes(CancellationToken cancellationToken, int limit = 50) =>
        new ProviderChangeListResponse([.. (await mediator.Send(new ListHealthChanges(limit), cancellationToken)).Select(ProviderChangeResponse.Of)]);
}
