using AiGateway.Api.Auth;
using AiGateway.Api.Contracts;
using AiGateway.Api.OpenApi;
using AiGateway.Application.Teams;
using AiGateway.Domain;
using AutoMapper;
using MediatR;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace AiGateway.Api.Controllers;

/// <summary>Organisations.</summary>
[ApiController]
[Route("api/v1/admin/organisations")]
[Authorize(Policies.Admin)]
[Tags("Administration")]
public sealed class AdminOrganisationsController(IMediator mediator, IMapper mapper) : ControllerBase
{
    /// <summary>Create an organisation.</summary>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <param name="request">The organisation.</param>
    /// <response code="201">The organisation.</response>
    [HttpPost]
    [ProducesResponseType<OrganisationResponse>(StatusCodes.Status201Created)]
    [FailsWith(ErrorCode.InvalidRequest, ErrorCode.LedgerUnavailable)]
    public async Task<ActionResult<OrganisationResponse>> Create(CreateOrganisationRequest request, CancellationToken cancellationToken)
    {
        var command = new CreateScope(HttpContext.Actor(), ScopeKind.Organisation, request.Name);
        var organisation = mapper.Map<OrganisationResponse>(await mediator.Send(command, cancellationToken));

        // A path only: the host in the request is chosen by the client.
        return Created(Url.Action(nameof(Get), new { id = organisation.Id }), organisation);
    }

    /// <summary>List organisations, oldest first.</summary>
    /// <param name="next">The <c>next</c> of the previous page.</param>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <param name="limit">Organisations a page, 1 to 200.</param>
    /// <response code="200">One page.</response>
    [HttpGet]
    [FailsWith(ErrorCode.InvalidRequest, ErrorCode.LedgerUnavailable)]
    public async Task<ActionResult<OrganisationListResponse>> List(Guid? next, CancellationToken cancellationToken, int limit = 50)
    {
        var page = await mediator.Send(new ListScopes(HttpContext.Actor(), ScopeKind.Organisation, null, next, limit), cancellationToken);
        return new OrganisationListResponse(mapper.Map<IReadOnlyList<OrganisationResponse>>(page.Items), page.Next);
    }

    /// <summary>One organisation.</summary>
    /// <param name="id">The organisation's id.</param>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <response code="200">The organisation.</response>
    [HttpGet("{id:guid}")]
    [FailsWith(ErrorCode.NotFound, ErrorCode.LedgerUnavailable)]
    public async Task<ActionResult<OrganisationResponse>> Get(Guid id, CancellationToken cancellationToken) =>
        mapper.Map<OrganisationResponse>(await mediator.Send(new GetScope(HttpContext.Actor(), ScopeKind.Organisation, id), cancellationToken));

    /// <summary>Rename, disable or enable an organisation, or set its time zone or models.</summary>
    /// <remarks>The change applies here at once, at other replicas within 5 seconds. Requests in progress keep the scopes that they are charged to.</remarks>
    /// <param name="id">The organisation's id.</param>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <param name="request">The changes.</param>
    /// <response code="200">The organisation.</response>
    [HttpPatch("{id:guid}")]
    [FailsWith(ErrorCode.InvalidRequest, ErrorCode.NotFound, ErrorCode.Conflict, ErrorCode.LedgerUnavailable)]
    public async Task<ActionResult<OrganisationResponse>> Update(Guid id, UpdateOrganisationRequest request, CancellationToken cancellationToken)
    {
        var command = new UpdateScope(HttpContext.Actor(), ScopeKind.Organisation, id)
        {
            Name = request.Name,
            Disabled = request.Disabled,
            TimeZone = request.NewTimeZone,
            AllowedModels = request.NewAllowedModels,
        };
        return mapper.Map<OrganisationResponse>(await mediator.Send(command, cancellationToken));
    }

    /// <summary>Delete an organisation and its budgets.</summary>
    /// <remarks>It is refused while teams belong to it. Usage keeps its charge.</remarks>
    /// <param name="id">The organisation's id.</param>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <response code="204">It is deleted.</response>
    [HttpDelete("{id:guid}")]
    [ProducesResponseType(StatusCodes.Status204NoContent)]
    [FailsWith(ErrorCode.NotFound, ErrorCode.Conflict, ErrorCode.LedgerUnavailable)]
    public async Task<IActionResult> Delete(Guid id, CancellationToken cancellationToken)
    {
        await mediator.Send(new DeleteScope(HttpContext.Actor(), ScopeKind.Organisation, id), cancellationToken);
        return NoContent();
    }
}
