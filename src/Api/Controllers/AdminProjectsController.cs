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

/// <summary>Projects.</summary>
[ApiController]
[Route("api/v1/admin/projects")]
[Authorize(Policies.Admin)]
[Tags("Administration")]
public sealed class AdminProjectsController(IMediator mediator, IMapper mapper) : ControllerBase
{
    /// <summary>Create a project.</summary>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <param name="request">The project.</param>
    /// <response code="201">The project.</response>
    [OpenToTeamAdministrators]
    [HttpPost]
    [ProducesResponseType<ProjectResponse>(StatusCodes.Status201Created)]
    [FailsWith(ErrorCode.InvalidRequest, ErrorCode.LedgerUnavailable)]
    public async Task<ActionResult<ProjectResponse>> Create(CreateProjectRequest request, CancellationToken cancellationToken)
    {
        var command = new CreateScope(HttpContext.Actor(), ScopeKind.Project, request.Name, request.TeamId);
        var project = mapper.Map<ProjectResponse>(await mediator.Send(command, cancellationToken));

        // A path only: the host in the request is chosen by the client.
        return Created(Url.Action(nameof(Get), new { id = project.Id }), project);
    }

    /// <summary>List projects, oldest first.</summary>
    /// <param name="teamId">Only projects of this team; left out: all projects.</param>
    /// <param name="next">The <c>next</c> of the previous page.</param>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <param name="limit">Projects a page, 1 to 200.</param>
    /// <response code="200">One page.</response>
    [OpenToTeamAdministrators]
    [HttpGet]
    [FailsWith(ErrorCode.InvalidRequest, ErrorCode.LedgerUnavailable)]
    public async Task<ActionResult<ProjectListResponse>> List(Guid? teamId, Guid? next, CancellationToken cancellationToken, int limit = 50)
    {
        var page = await mediator.Send(new ListScopes(HttpContext.Actor(), ScopeKind.Project, teamId, next, limit), cancellationToken);
        return new ProjectListResponse(mapper.Map<IReadOnlyList<ProjectResponse>>(page.Items), page.Next);
    }

    /// <summary>One project.</summary>
    /// <param name="id">The project's id.</param>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <response code="200">The project.</response>
    [OpenToTeamAdministrators]
    [HttpGet("{id:guid}")]
    [FailsWith(ErrorCode.NotFound, ErrorCode.LedgerUnavailable)]
    public async Task<ActionResult<ProjectResponse>> Get(Guid id, CancellationToken cancellationToken) =>
        mapper.Map<ProjectResponse>(await mediator.Send(new GetScope(HttpContext.Actor(), ScopeKind.Project, id), cancellationToken));

    /// <summary>Rename, move, disable or enable a project, or set its time zone or models.</summary>
    /// <remarks>The change applies here at once, at other replicas within 5 seconds. Requests in progress keep the scopes that they are charged to.</remarks>
    /// <param name="id">The project's id.</param>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <param name="request">The changes.</param>
    /// <response code="200">The project.</response>
    [OpenToTeamAdministrators]
    [HttpPatch("{id:guid}")]
    [FailsWith(ErrorCode.InvalidRequest, ErrorCode.NotFound, ErrorCode.Conflict, ErrorCode.LedgerUnavailable)]
    public async Task<ActionResult<ProjectResponse>> Update(Guid id, UpdateProjectRequest request, CancellationToken cancellationToken)
    {
        var command = new UpdateScope(HttpContext.Actor(), ScopeKind.Project, id)
        {
            Name = request.Name,
            Disabled = request.Disabled,
            ParentId = request.TeamId,
            TimeZone = request.NewTimeZone,
            AllowedModels = request.NewAllowedModels,
        };
        return mapper.Map<ProjectResponse>(await mediator.Send(command, cancellationToken));
    }

    /// <summary>Delete a project and its budgets.</summary>
    /// <remarks>It is refused while keys belong to it. Usage keeps its charge.</remarks>
    /// <param name="id">The project's id.</param>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <response code="204">It is deleted.</response>
    [OpenToTeamAdministrators]
    [HttpDelete("{id:guid}")]
    [ProducesResponseType(StatusCodes.Status204NoContent)]
    [FailsWith(ErrorCode.NotFound, ErrorCode.Conflict, ErrorCode.LedgerUnavailable)]
    public async Task<IActionResult> Delete(Guid id, CancellationToken cancellationToken)
    {
        await mediator.Send(new DeleteScope(HttpContext.Actor(), ScopeKind.Project, id), cancellationToken);
        return NoContent();
    }
}
