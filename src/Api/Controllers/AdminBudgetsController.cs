using AiGateway.Api.Auth;
using AiGateway.Api.Contracts;
using AiGateway.Api.Http;
using AiGateway.Api.OpenApi;
using AiGateway.Application.Budgets;
using AiGateway.Domain;
using MediatR;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace AiGateway.Api.Controllers;

/// <summary>Budgets of organisations, teams, projects, users and keys.</summary>
[ApiController]
[Route("api/v1/admin/{scopes:scopeKind}/{id:guid}/budgets")]
[Authorize(Policies.Admin)]
[Tags("Administration")]
public sealed class AdminBudgetsController(IMediator mediator) : ControllerBase
{
    /// <summary>The budgets of a scope, and how much of them is used, held and left.</summary>
    /// <param name="scopes"><c>organisations</c>, <c>teams</c>, <c>projects</c>, <c>users</c> or <c>keys</c>.</param>
    /// <param name="id">The scope's id.</param>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <response code="200">The budgets.</response>
    [OpenToTeamAdministrators]
    [HttpGet]
    [FailsWith(ErrorCode.NotFound, ErrorCode.LedgerUnavailable)]
    public async Task<ActionResult<BudgetsResponse>> Get(string scopes, Guid id, CancellationToken cancellationToken) =>
        ToResponse(await mediator.Send(new GetBudgets(HttpContext.Actor(), ScopeKindConstraint.Of(scopes), id), cancellationToken));

    /// <summary>Replace the budgets of a scope.</summary>
    /// <remarks>
    /// They apply from the next request on, on every gateway, also to what is already used: a new budget starts with the use of
    /// the window that runs. For a user an empty list also removes the configured default limits.
    /// </remarks>
    /// <param name="scopes"><c>organisations</c>, <c>teams</c>, <c>projects</c>, <c>users</c> or <c>keys</c>.</param>
    /// <param name="id">The scope's id.</param>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <param name="request">The budgets.</param>
    /// <response code="200">The budgets and their use.</response>
    [OpenToTeamAdministrators]
    [HttpPut]
    [FailsWith(ErrorCode.InvalidRequest, ErrorCode.NotFound, ErrorCode.LedgerUnavailable)]
    public async Task<ActionResult<BudgetsResponse>> Set(string scopes, Guid id, BudgetsRequest request, CancellationToken cancellationToken) =>
        ToResponse(await mediator.Send(new SetBudgets(HttpContext.Actor(), ScopeKindConstraint.Of(scopes), id, request.ToNewBudgets()), cancellationToken));

    /// <summary>Remove the budgets of a scope. A user has the configured default limits again.</summary>
    /// <param name="scopes"><c>organisations</c>, <c>teams</c>, <c>projects</c>, <c>users</c> or <c>keys</c>.</param>
    /// <param name="id">The scope's id.</param>
    /// <param name="cancellationToken">Cancelled when the client hangs up.</param>
    /// <response code="204">Done.</response>
    [OpenToTeamAdministrators]
    [HttpDelete]
    [ProducesResponseType(StatusCodes.Status204NoContent)]
    [FailsWith(ErrorCode.NotFound, ErrorCode.LedgerUnavailable)]
    public async Task<IActionResult> Remove(string scopes, Guid id, CancellationToken cancellationToken)
    {
        await mediator.Send(new SetBudgets(HttpContext.Actor(), ScopeKindConstraint.Of(scopes), id, null), cancellationToken);
        return NoContent();
    }

    private static BudgetsResponse ToResponse(BudgetList list) =>
        new(list.IsDefault, [.. list.Budgets.Select(static use => use.ToResponse())]);
}
