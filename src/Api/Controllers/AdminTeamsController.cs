using System.Globalization;
using AiGateway.Api.Auth;
using AiGateway.Api.Contracts;
using AiGateway.Api.Contracts.Statements;
using AiGateway.Api.Http;
using AiGateway.Api.OpenApi;
using AiGateway.Api.Reports;
using AiGateway.Application.Statements;
using AiGateway.Application.Teams;
using AiGateway.Domain;
using AutoMapper;
using MediatR;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace AiGateway.Api.Controllers;

/// <summary>Teams.</summary>
[ApiController]
[Route("api/v1/admin/teams")]
[Authorize(Policies.Admin)]
[Tags("Administration")]
public sealed class AdminTeamsController(IMediator mediator, IMapper mapper) : ControllerBase
{
    /// <summary>Create a team.</summary>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <param name="request">The team.</param>
    /// <response code="201">The team.</response>
    [HttpPost]
    [ProducesResponseType<TeamResponse>(StatusCodes.Status201Created)]
    [FailsWith(ErrorCode.InvalidRequest, ErrorCode.LedgerUnavailable)]
    public async Task<ActionResult<TeamResponse>> Create(CreateTeamRequest request, CancellationToken cancellationToken)
    {
        var command = new CreateScope(HttpContext.Actor(), ScopeKind.Team, request.Name, request.OrganisationId);
        var team = mapper.Map<TeamResponse>(await mediator.Send(command, cancellationToken));

        // A path only: the host in the request is chosen by the client.
        return Created(Url.Action(nameof(Get), new { id = team.Id }), team);
    }

    /// <summary>List teams, oldest first.</summary>
    /// <param name="organisationId">Only teams of this organisation; left out: all teams.</param>
    /// <param name="next">The <c>next</c> of the previous page.</param>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <param name="limit">Teams a page, 1 to 200.</param>
    /// <response code="200">One page.</response>
    [OpenToTeamAdministrators]
    [HttpGet]
    [FailsWith(ErrorCode.InvalidRequest, ErrorCode.LedgerUnavailable)]
    public async Task<ActionResult<TeamListResponse>> List(Guid? organisationId, Guid? next, CancellationToken cancellationToken, int limit = 50)
    {
        var page = await mediator.Send(new ListScopes(HttpContext.Actor(), ScopeKind.Team, organisationId, next, limit), cancellationToken);
        return new TeamListResponse(mapper.Map<IReadOnlyList<TeamResponse>>(page.Items), page.Next);
    }

    /// <summary>One team.</summary>
    /// <param name="id">The team's id.</param>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <response code="200">The team.</response>
    [OpenToTeamAdministrators]
    [HttpGet("{id:guid}")]
    [FailsWith(ErrorCode.NotFound, ErrorCode.LedgerUnavailable)]
    public async Task<ActionResult<TeamResponse>> Get(Guid id, CancellationToken cancellationToken) =>
        mapper.Map<TeamResponse>(await mediator.Send(new GetScope(HttpContext.Actor(), ScopeKind.Team, id), cancellationToken));

    /// <summary>What was charged to a team in a UTC month: by project, user, key and model, and by day.</summary>
    /// <remarks>
    /// The costs include corrections of the month's requests, which are also listed apart. A file has the rows alone. The records of
    /// the month must not be archived.
    /// </remarks>
    /// <param name="id">The team's id.</param>
    /// <param name="month">The month, such as 2026-11; left out: the current one.</param>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <param name="format"><c>json</c>, or a file to download with one row a line: <c>csv</c> or <c>jsonl</c>.</param>
    /// <response code="200">The statement.</response>
    [OpenToTeamAdministrators]
    [HttpGet("{id:guid}/statement")]
    [FailsWith(ErrorCode.InvalidRequest, ErrorCode.NotFound, ErrorCode.LedgerUnavailable)]
    [ProducesResponseType<StatementResponse>(StatusCodes.Status200OK, "application/json", "text/csv", "application/jsonl")]
    public async Task<IActionResult> Statement(Guid id, string? month, CancellationToken cancellationToken, string format = "json")
    {
        var form = ReportFormats.Parse(format);
        var query = new GetTeamStatement(HttpContext.Actor(), id, month ?? HttpContext.Identity().ReceivedAt.UtcDateTime.ToString("yyyy-MM", CultureInfo.InvariantCulture));
        var statement = await mediator.Send(query, cancellationToken);
        var response = StatementResponse.Of(statement, mapper.Map<IReadOnlyList<CorrectionResponse>>(statement.Corrections));
        return form == ReportFormat.Json ? Ok(response) : StatementDownload.ToFile(response, form);
    }

    /// <summary>Rename, move, disable or enable a team, or set its time zone or models.</summary>
    /// <remarks>The change applies here at once, at other replicas within 5 seconds. Requests in progress keep the scopes that they are charged to.</remarks>
    /// <param name="id">The team's id.</param>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <param name="request">The changes.</param>
    /// <response code="200">The team.</response>
    [HttpPatch("{id:guid}")]
    [FailsWith(ErrorCode.InvalidRequest, ErrorCode.NotFound, ErrorCode.Conflict, ErrorCode.LedgerUnavailable)]
    public async Task<ActionResult<TeamResponse>> Update(Guid id, UpdateTeamRequest request, CancellationToken cancellationToken)
    {
        var command = new UpdateScope(HttpContext.Actor(), ScopeKind.Team, id)
        {
            Name = request.Name,
            Disabled = request.Disabled,
            ParentId = request.OrganisationId,
            TimeZone = request.NewTimeZone,
            AllowedModels = request.NewAllowedModels,
        };
        return mapper.Map<TeamResponse>(await mediator.Send(command, cancellationToken));
    }

    /// <summary>Delete a team and its budgets.</summary>
    /// <remarks>It is refused while projects, users or keys belong to it. Usage keeps its charge.</remarks>
    /// <param name="id">The team's id.</param>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <response code="204">It is deleted.</response>
    [HttpDelete("{id:guid}")]
    [ProducesResponseType(StatusCodes.Status204NoContent)]
    [FailsWith(ErrorCode.NotFound, ErrorCode.Conflict, ErrorCode.LedgerUnavailable)]
    public async Task<IActionResult> Delete(Guid id, CancellationToken cancellationToken)
    {
        await mediator.Send(new DeleteScope(HttpContext.Actor(), ScopeKind.Team, id), cancellationToken);
        return NoContent();
    }
}
